# One image per service, from the root of the repository:
#   docker build -f docker/service.Dockerfile --build-arg SERVICE=gateway --build-arg VERSION=0.1.0 -t parley/gateway:0.1.0 .
# SERVICE is a workspace with a src/main.ts: a folder of services/, or cli (everything in one process, and jobs).
# Pin the bases by digest with BUILD_IMAGE and RUN_IMAGE; a private registry's .npmrc goes in as the secret "npmrc".
ARG BUILD_IMAGE=node:24-trixie-slim
ARG RUN_IMAGE=gcr.io/distroless/nodejs24-debian13:nonroot

FROM ${BUILD_IMAGE} AS pruned
ARG SERVICE
WORKDIR /src
COPY . .
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc \
    turbo="$(node -p "require('./package.json').devDependencies.turbo")" \
    && TURBO_TELEMETRY_DISABLED=1 npx --yes "turbo@${turbo}" prune "@parley/${SERVICE:?is not set}" --docker

FROM ${BUILD_IMAGE} AS installed
WORKDIR /app
COPY --from=pruned /src/out/json/ ./
# The optional dependencies of the root are Node itself, which the base brings.
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc \
    npm ci --omit=dev --omit=optional --ignore-scripts --loglevel=error
COPY --from=pruned /src/out/full/ ./
COPY --from=pruned /src/slo ./slo
COPY --from=pruned /src/docker/javascript.mjs /tmp/
ARG SERVICE
RUN rm -rf packages/*/test services/*/test packages/testkit node_modules/@parley/testkit turbo.json \
    && find packages services -name '*.test.ts' -delete \
    && node --disable-warning=ExperimentalWarning /tmp/javascript.mjs packages services \
    && find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.md' \) -delete \
    && ln -s "$(find services packages -path "*/${SERVICE}/src/main.js")" main.js

FROM ${RUN_IMAGE}
ARG SERVICE
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="parley/${SERVICE}" \
      org.opencontainers.image.description="Parley: agents as services" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 PATH=/nodejs/bin:/usr/local/bin:/usr/bin:/bin
WORKDIR /app
COPY --from=installed /app ./
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["node", "--disable-warning=ExperimentalWarning", "--import", "@parley/runtime/telemetry", "main.js"]
