# `production`, the last stage, and `dev`. scripts/images.sh builds them: it knows the two images that they stand on.
ARG BUILD_IMAGE
ARG BASE_IMAGE

# JavaScript is the same on every machine: it is bundled on the builder's own, whichever the image is for
FROM --platform=$BUILDPLATFORM ${BUILD_IMAGE} AS build
# the packages are in the bundle, where no scanner would see them
ARG BUILDKIT_SBOM_SCAN_STAGE=true
WORKDIR /build
COPY package.json package-lock.json bunfig.toml ./
RUN --mount=type=secret,id=ca \
    if [ -f /run/secrets/ca ]; then ca=--cafile=/run/secrets/ca; fi; \
    bun install ${ca:-} --frozen-lockfile --production --omit=optional --ignore-scripts
COPY drizzle drizzle
COPY modules modules
COPY scripts scripts
COPY src src
RUN bun scripts/apply-patches.mjs && bun scripts/image/bundle.ts /out/app && mkdir /out/data

# nothing runs for the machine that the image is for: its Bun is copied
FROM ${BUILD_IMAGE} AS bun

FROM ${BUILD_IMAGE} AS dev
RUN install -d -o 10001 -g 10001 /app /data
WORKDIR /app
USER 10001:10001
ENV HOME=/tmp HOST=0.0.0.0 DATA_DIR=/data
COPY --chown=10001:10001 package.json package-lock.json bunfig.toml ./
RUN --mount=type=secret,id=ca,mode=0444 \
    if [ -f /run/secrets/ca ]; then ca=--cafile=/run/secrets/ca; fi; \
    bun install ${ca:-} --frozen-lockfile --omit=optional --ignore-scripts
COPY --chown=10001:10001 . .
RUN bun scripts/apply-patches.mjs
EXPOSE 3000
# the server starts again when a file of its own changes; what ends by itself, as migrate does, must not
ENTRYPOINT ["sh", "-c", "if [ \"$1\" = serve ]; then set -- --watch src/main.ts \"$@\"; else set -- src/main.ts \"$@\"; fi; exec bun \"$@\"", "dev"]
CMD ["serve"]

FROM ${BASE_IMAGE} AS production
ARG VERSION
ARG COMMIT
LABEL org.opencontainers.image.title="super-zol" \
      org.opencontainers.image.description="Israel's supermarket prices as a fast, exact REST API" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${COMMIT}"
COPY --from=bun /usr/local/bin/bun /usr/local/bin/bun
COPY --from=build --chown=10001:10001 /out/data /data
COPY --from=build /out/app /app
WORKDIR /app
USER 10001:10001
# nothing invented in a database that may become a real one; no cache of Bun's beside a read-only root
ENV BUILD_COMMIT=${COMMIT} HOST=0.0.0.0 DATA_DIR=/data LOG_FORMAT=json SAMPLE_DATA=off BUN_RUNTIME_TRANSPILER_CACHE_PATH=0
EXPOSE 3000
# alive, not ready: a database that is away is no reason to end a process that will find it again
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["/usr/local/bin/bun", "/app/health.js"]
ENTRYPOINT ["/usr/local/bin/bun", "/app/main.js"]
CMD ["serve"]
