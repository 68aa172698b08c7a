# The production image: the packages Hark runs on, from the one lock, without test tools and embedded servers.

FROM python:3.11-slim AS packages
WORKDIR /build
COPY requirements-tools.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements-tools.lock
COPY pyproject.toml requirements.lock ./
# pyproject.toml says which packages are wanted; the lock, as a constraint, which versions and which bytes.
RUN uv venv /opt/hark && \
    VIRTUAL_ENV=/opt/hark uv pip install --no-cache --no-build --compile-bytecode \
    --require-hashes -r pyproject.toml -c requirements.lock

FROM python:3.11-slim
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/hark hark
COPY --from=packages /opt/hark /opt/hark
WORKDIR /app
COPY . .
ENV PATH=/opt/hark/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=config.settings \
    HARK_MODE=production \
    HARK_INSTANCE=/var/lib/hark \
    HARK_STATIC_ROOT=/app/staticfiles \
    REMAP_SIGTERM=SIGQUIT
# These keys exist for this one command, which reads no data.
RUN HARK_SECRET_KEY=build HARK_TOKEN_KEY=build python manage.py collectstatic --no-input && \
    python -m compileall -q accounts alerts config
USER hark
EXPOSE 8000
CMD ["gunicorn", "config.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--workers", "2", "--threads", "8", "--timeout", "60", "--graceful-timeout", "30", "--no-control-socket", \
     "--worker-tmp-dir", "/dev/shm", "--log-level", "warning"]
