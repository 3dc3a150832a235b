# syntax=docker/dockerfile:1
# The program with its weights, for the processor alone. See docs/containers.md.
FROM python:3.11-slim AS build
WORKDIR /source
COPY . .
RUN python -m venv /opt/assistant \
    && /opt/assistant/bin/pip install --no-cache-dir --constraint constraints.txt \
        --extra-index-url https://download.pytorch.org/whl/cpu .

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /data assistant \
    && install --directory --owner=assistant /data
COPY --from=build /opt/assistant /opt/assistant
ENV PATH=/opt/assistant/bin:$PATH \
    HF_HUB_OFFLINE=1 \
    ASSISTANT_LIBRARY=/data/library \
    ASSISTANT_HOST=0.0.0.0
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health/live', timeout=4)"]
ENTRYPOINT ["assistant"]
CMD ["serve"]
