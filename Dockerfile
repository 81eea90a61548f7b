# The gate as a container: GitHub's docker action, and any CI or cluster that runs an image as it is. For a CI that runs a
# shell inside of the image there is Dockerfile.shell.
# GitHub builds without --target, so the gate's stage is the last. BUILDPLATFORM is unset in the legacy builder.
FROM --platform=${BUILDPLATFORM:-linux/amd64} golang:1.26.8@sha256:0f063af2d465d8dcae54cce04278ada488b96f77b42449c8d071e47d016cc65a AS build
# Without defaults, which would win over the platform that is asked for. Empty, as in the legacy builder, is the builder's own.
ARG TARGETOS
ARG TARGETARCH
ARG VERSION=dev
ARG COMMIT=
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN GOOS=${TARGETOS} GOARCH=${TARGETARCH} VERSION=${VERSION} COMMIT=${COMMIT} ./scripts/image-root.sh /image

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
