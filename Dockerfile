# Both can be others, also where no registry is reached (scripts/image): the first has Node.js 24, and npm or the
# project's packages in /build; the second is a Debian.
ARG BUILD_IMAGE=node:24-trixie-slim
ARG BASE_IMAGE=debian:trixie-slim

FROM ${BUILD_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json ./
# Scripts of packages fetch Node.js, which is there.
RUN [ -d node_modules ] || npm ci --ignore-scripts --no-audit --no-fund
COPY addon/src addon/src
COPY frontend-card frontend-card
COPY scripts scripts
RUN node scripts/build.ts /opt/labkeeper && install -D "$(command -v node)" /opt/node

FROM ${BASE_IMAGE}
COPY addon/container/packages.txt /tmp/
RUN set -eu; \
    if ! xargs dpkg -s < /tmp/packages.txt > /dev/null 2>&1; then \
      apt-get update; \
      DEBIAN_FRONTEND=noninteractive xargs apt-get install -y --no-install-recommends < /tmp/packages.txt; \
      rm -rf /var/lib/apt/lists/*; \
    fi; \
    rm /tmp/packages.txt; \
    useradd --system --user-group --uid 900 --home-dir /data --no-create-home --shell /usr/sbin/nologin labkeeper; \
    install -d -o labkeeper -g labkeeper /data /config
COPY --from=build /opt/node /usr/local/bin/node
COPY --from=build /opt/labkeeper /opt/labkeeper
COPY addon/container/labkeeper addon/container/labkeeper-health /usr/local/bin/

ENV NODE_ENV=production \
    LABKEEPER_DATA=/data \
    LABKEEPER_CONFIG=/config \
    LABKEEPER_HOST=0.0.0.0
EXPOSE 8099
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["labkeeper-health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["labkeeper"]

ARG BUILD_VERSION=0.0.0
ARG BUILD_ARCH=amd64
LABEL io.hass.version="${BUILD_VERSION}" \
      io.hass.type="app" \
      io.hass.arch="${BUILD_ARCH}" \
      org.opencontainers.image.title="Labkeeper" \
      org.opencontainers.image.description="Runs a home lab from Home Assistant" \
      org.opencontainers.image.licenses="GPL-3.0-or-later" \
      org.opencontainers.image.version="${BUILD_VERSION}"
