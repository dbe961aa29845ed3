# Build with cargo-chef so that dependencies are a layer of their own; run as nobody in particular, on a slim Debian.
FROM rust:1.95-bookworm AS chef
RUN cargo install cargo-chef --locked
WORKDIR /src

FROM chef AS plan
COPY . .
RUN cargo chef prepare --recipe-path recipe.json

FROM chef AS build
COPY --from=plan /src/recipe.json recipe.json
RUN cargo chef cook --release --recipe-path recipe.json
COPY . .
RUN cargo build --release --bin baton

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/baton --create-home baton
COPY --from=build /src/target/release/baton /usr/local/bin/baton
USER baton
WORKDIR /var/lib/baton
VOLUME /var/lib/baton
ENV BATON_LISTEN=0.0.0.0:8080
EXPOSE 8080
ENTRYPOINT ["baton"]
CMD ["serve"]
