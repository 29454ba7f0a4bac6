# The web server and every worker: the same image, another command. Postgres and Redis are elsewhere (compose.yaml brings both).
FROM node:24-slim AS modules
WORKDIR /app
COPY package.json package-lock.json ./
COPY patches patches
# As scripts/setup.mjs does it, without what only tests and checks need.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && node node_modules/patch-package/index.js --error-on-fail

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
WORKDIR /app
COPY --from=modules /app/node_modules node_modules
COPY package.json tsconfig.json ./
COPY src src
COPY workers workers
COPY templates templates
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000
# `serve`, `work`, `work --only deliver --processes 4`, or any other command. Draining takes at most 25 s: stop with more patience.
ENTRYPOINT ["node", "--import", "tsx", "src/cli.ts"]
CMD ["serve"]
HEALTHCHECK --interval=10s --timeout=3s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
