# Stand-ins for the images of versions.yaml where no registry can be reached, all from Debian's packages
# (scripts/images.sh makes super-zol-debian of them with debootstrap) and npm's Bun.
FROM super-zol-debian AS debian

# for oven/bun
FROM debian AS bun
COPY bun.exe /usr/local/bin/bun

# for distroless: libc, certificates, time zones and a list of users; no shell, no package manager
FROM debian AS packages
RUN mkdir -p /rootfs/etc/ssl/certs /rootfs/tmp && chmod 1777 /rootfs/tmp \
    && for name in base-files ca-certificates libc6 netbase tzdata; do dpkg-deb --extract /var/cache/apt/archives/"$name"_*.deb /rootfs; done \
    && cp /etc/ssl/certs/ca-certificates.crt /rootfs/etc/ssl/certs/ \
    && printf 'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n' > /rootfs/etc/passwd \
    && printf 'root:x:0:\nnonroot:x:65532:\n' > /rootfs/etc/group \
    && rm -rf /rootfs/usr/share/doc /rootfs/usr/share/man /rootfs/usr/share/lintian
FROM scratch AS distroless
COPY --from=packages /rootfs /
USER 65532

# for postgres, with its way to be started: user 999, PGDATA, POSTGRES_USER, _PASSWORD and _DB
FROM debian AS postgres
RUN groupadd --gid 999 postgres && useradd --uid 999 --gid 999 --home-dir /var/lib/postgresql postgres \
    && apt-get update -qq && apt-get install -qq --no-install-recommends postgresql >/dev/null \
    && rm -rf /var/lib/postgresql/* /var/lib/apt/lists/* /var/cache/apt/archives/*.deb \
    && ln -s /usr/lib/postgresql/*/bin /usr/local/postgresql \
    && install -d -o postgres -g postgres -m 3777 /var/lib/postgresql /var/run/postgresql
COPY postgres-entrypoint.sh /usr/local/bin/docker-entrypoint.sh
ENV PATH=/usr/local/postgresql:$PATH PGDATA=/var/lib/postgresql/data LANG=C.UTF-8
USER 999
EXPOSE 5432
STOPSIGNAL SIGINT
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres"]

# for redis
FROM debian AS redis
RUN groupadd --gid 999 redis && useradd --uid 999 --gid 999 --home-dir /data redis \
    && apt-get update -qq && apt-get install -qq --no-install-recommends redis-server >/dev/null \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb && install -d -o redis -g redis /data
WORKDIR /data
USER 999
EXPOSE 6379
CMD ["redis-server", "--protected-mode", "no"]

# for prometheus and for the blackbox exporter
FROM debian AS prometheus
RUN apt-get update -qq && apt-get install -qq --no-install-recommends prometheus >/dev/null \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb
USER 65534
ENTRYPOINT ["prometheus"]
FROM debian AS blackbox-exporter
RUN apt-get update -qq && apt-get install -qq --no-install-recommends prometheus-blackbox-exporter >/dev/null \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb
USER 65534
ENTRYPOINT ["prometheus-blackbox-exporter"]

# for versitygw, which Go builds
FROM debian AS s3
COPY versitygw /usr/local/bin/versitygw
USER 65534
ENTRYPOINT ["versitygw"]
