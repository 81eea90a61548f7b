# Two images. The last stage is the gate alone, for GitHub's docker action and any CI or cluster that runs an image as it is. It is
# last because GitHub builds without --target. The target shell is for CIs that run a script inside the image.
# BUILDPLATFORM is unset in the legacy builder, which also builds the target shell.
FROM --platform=${BUILDPLATFORM:-linux/amd64} golang:1.26.8@sha256:0f063af2d465d8dcae54cce04278ada488b96f77b42449c8d071e47d016cc65a AS build
# A default would override the requested platform. If empty, as in the legacy builder, the builder's own platform is used.
ARG TARGETOS
ARG TARGETARCH
ARG VERSION=dev
ARG COMMIT=
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN GOOS=${TARGETOS} GOARCH=${TARGETARCH} VERSION=${VERSION} COMMIT=${COMMIT} ./scripts/image-root.sh /image

# The gate with a shell, for CIs that run a script inside the image: GitLab, CircleCI, Jenkins, Azure Pipelines. Debian rather
# than something smaller, because Azure's container jobs need bash, glibc and groupadd. Nothing runs on the target platform, so
# no emulator is needed.
FROM debian:13-slim@sha256:d7e12182ce18b85b93007c1dedf31f2d29e01ccf3182cc4017c709b6259bc132 AS shell
ARG VERSION=dev
ARG COMMIT=
LABEL org.opencontainers.image.title="assistant-gate" \
      org.opencontainers.image.description="A CI gate made of Telnyx AI assistant tests, with a shell" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${COMMIT}"
COPY --from=build /image/etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /image/LICENCES /usr/share/doc/assistant-gate/LICENCES
COPY --from=build /image/assistant-gate /usr/local/bin/assistant-gate
# No ENTRYPOINT: these CIs start a shell, cat or node in the image, and an entry point would get them as arguments.
ENTRYPOINT []
CMD ["assistant-gate"]

FROM scratch
ARG VERSION=dev
ARG COMMIT=
LABEL org.opencontainers.image.title="assistant-gate" \
      org.opencontainers.image.description="A CI gate made of Telnyx AI assistant tests" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${COMMIT}"
# Copies everything at once: a folder copied by itself would lose its mode, and everybody may write to /tmp.
COPY --from=build /image/ /
# No USER: GitHub requires docker actions to run as root. Elsewhere any user id works.
ENTRYPOINT ["/assistant-gate"]
