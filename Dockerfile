# syntax=docker/dockerfile:1
# The program with its weights, for the processor alone. See docs/containers.md.
FROM python:3.11-slim AS build
# Further packages, such as `postgres,milvus`; see docs/operating.md.
ARG EXTRAS=
WORKDIR /source
COPY . .
RUN python -m venv /opt/assistant \
    && /opt/assistant/bin/pip install --no-cache-dir --constraint constraints.txt \
        --extra-index-url https://download.pytorch.org/whl/cpu ".${EXTRAS:+[$EXTRAS]}"

FROM python:3.11-slim
# What reads the passages: `careful` fetches 440 MB more and answers more questions rightly; see docs/reader.md.
ARG READER=careful
RUN useradd --system --uid 10001 --home-dir /data assistant \
    && install --directory --owner=assistant /data
COPY --from=build /opt/assistant /opt/assistant
ENV PATH=/opt/assistant/bin:$PATH \
    XDG_CACHE_HOME=/opt/cache \
    HF_HUB_OFFLINE=1 \
    ASSISTANT_LIBRARY=/data/library \
    ASSISTANT_HOST=0.0.0.0
RUN install --directory --owner=assistant /opt/cache
USER 10001
RUN if [ "$READER" = careful ]; then assistant reader install; fi
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health/live', timeout=4)"]
ENTRYPOINT ["assistant"]
CMD ["serve"]
