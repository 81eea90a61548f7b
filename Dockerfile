# The gate as a container: GitHub's docker action, and any CI or cluster that runs an image as it is.
# GitHub builds without --target, so the gate's stage is the last. BUILDPLATFORM is unset in the legacy builder.
FROM --platform=${BUILDPLATFORM:-linux/amd64} golang:1.26 AS build
ARG TARGETOS=linux
ARG TARGETARCH=amd64
ARG VERSION=dev
ARG COMMIT=
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN GOOS=${TARGETOS} GOARCH=${TARGETARCH} VERSION=${VERSION} COMMIT=${COMMIT} ./scripts/build.sh /image/assistant-gate \
 && GOOS=${TARGETOS} GOARCH=${TARGETARCH} ./scripts/licences.sh > /image/LICENCES \
 && install -D -m 644 /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/ca-certificates.crt \
 && install -d -m 1777 /image/tmp

FROM scratch
ARG VERSION=dev
ARG COMMIT=
LABEL org.opencontainers.image.title="assistant-gate" \
      org.opencontainers.image.description="A CI gate made of Telnyx AI assistant tests" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${COMMIT}"
# All of it at once: a folder that is copied by itself would lose its mode, and /tmp is everybody's.
COPY --from=build /image/ /
# No USER: GitHub requires docker actions to run as root. Elsewhere any user id works.
ENTRYPOINT ["/assistant-gate"]
