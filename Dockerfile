# docker build -t moderator .  ·  docker run -p 5000:5000 -v moderator:/data moderator
# Runs as a user without rights, writes to /data only (log, secret), needs no network but its port.
FROM python:3.12-slim AS build
WORKDIR /app
COPY requirements.txt .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --disable-pip-version-check -r requirements.txt

FROM python:3.12-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin moderator \
    && install -d -o moderator -m 0700 /data
WORKDIR /app
COPY --from=build /venv /venv
COPY run.py ./
COPY moderator moderator
COPY static static
COPY templates templates
COPY translations translations
RUN /venv/bin/python -m compileall -q moderator run.py
# By number, so that a cluster can see that it is not root.
USER 10001
ENV MODERATOR_DATA=/data PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 5000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 CMD ["/venv/bin/python", "-c", \
    "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ.get('MODERATOR_PORT', '5000') + '/healthz', timeout=2)"]
ENTRYPOINT ["/venv/bin/python", "run.py"]
CMD ["serve"]
