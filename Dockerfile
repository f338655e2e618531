# Build: docker build -t tocsin .
# Run:   docker run -d --restart unless-stopped --env-file .env -v tocsin:/data -p 127.0.0.1:3000:3000 tocsin
#        with a proxy that terminates TLS in front of the port. Your incident.yml goes to /app/incident.yml:
#        -v "$PWD/incident.yml:/app/incident.yml:ro". Leave DATABASE_URL and PORT out of .env: they are set below.

# better-sqlite3 is compiled here; this image brings python3, make and g++.
FROM node:20-bookworm AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build && npm prune --omit=dev

FROM node:20-bookworm-slim
ENV NODE_ENV=production PORT=3000 DATABASE_URL=file:/data/tocsin.db
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
COPY migrations ./migrations
# /data is the only directory the process writes to: the database, its backups and its lock.
RUN install -d -o node -g node -m 0700 /data
VOLUME /data
USER node
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/livez').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Not through npm: the process itself must get the signal that stops the container.
CMD ["node", "dist/main.js"]
