# One image; docker-compose.yml picks what it runs. PostgreSQL and Redis are other containers.
FROM python:3.11-slim AS build
WORKDIR /srv/faultline
COPY requirements.lock ./
RUN python -m venv .venv \
    && .venv/bin/python -m pip install --no-cache-dir --require-hashes --requirement requirements.lock

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin faultline \
    && install -d -o faultline /var/lib/faultline-data
WORKDIR /srv/faultline
ENV PATH=/srv/faultline/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    FAULTLINE_BIND=0.0.0.0 \
    FAULTLINE_DATA_DIR=/var/lib/faultline-data \
    FAULTLINE_STATIC_DIR=/srv/faultline/static
COPY --from=build /srv/faultline/.venv .venv
COPY . .
RUN python manage.py collectstatic --no-input --verbosity 0
USER faultline
EXPOSE 8000
CMD ["python", "manage.py", "run", "web"]
