"""The cache in production. It only holds counters (such as failed sign-ins), so it may be away for a while."""

import logging
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError, TimeoutError

log = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    """Redis; while it is down everything is a miss, and pages answer instead of failing."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._tried(default, super().get, key, default, version=version)

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        return dict(self._tried({}, super().get_many, keys, version=version))

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._tried(None, super().set, key, value, timeout=timeout, version=version)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._tried(True, super().add, key, value, timeout=timeout, version=version))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return int(self._tried(delta, super().incr, key, delta, version=version))

    def delete(self, key: Any, version: int | None = None) -> bool:
        return bool(self._tried(False, super().delete, key, version=version))

    def _tried(self, otherwise: Any, call: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return call(*args, **kwargs)
        except (ConnectionError, TimeoutError) as error:
            log.warning("The cache does not answer (%s); limits on sign-in are off meanwhile.", error)
            return otherwise
