"""Models are built at their first use. One that cannot be built is found here, not by whoever uses it first."""

from collections.abc import Iterator
from importlib import import_module

from pydantic import BaseModel

from genjin_api.app import ROUTERS

for service in ("genjin_api.command_line", "genjin_notifier.__main__"):
    import_module(service)


def every_model(of: type[BaseModel] = BaseModel) -> Iterator[type[BaseModel]]:
    for model in of.__subclasses__():
        if model.__module__.startswith("genjin"):
            yield model
        yield from every_model(model)


def test_every_model_can_be_built() -> None:
    models = set(every_model())
    assert len(models) > 400
    for model in models:
        model.model_rebuild(raise_errors=True)
    assert [model for model in models if not model.__pydantic_complete__] == []


def test_every_route_can_be_built() -> None:
    routes = [route for router in ROUTERS for route in router.routes]
    assert len(routes) > 150
    assert [route for route in routes if not callable(getattr(route, "app", None))] == []
