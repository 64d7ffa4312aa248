"""The official client's stable release (replicate 1.x), unchanged, against a running service.

    python stable_client.py URL [--table FILE]
"""

import asyncio
import base64
import hashlib
import hmac
import importlib.metadata
import io
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from harness import (
    BAD_TOKEN,
    TOKEN,
    finish,
    has_times_in_order,
    Mailbox,
    options,
    png_size,
    POOR_TOKEN,
    raises,
    same,
    Suite,
)

service, table = options()
# This client's paths carry the /v1 themselves. It reads the address when it is imported.
os.environ["REPLICATE_BASE_URL"] = service.host

import replicate  # noqa: E402
from replicate.client import Client  # noqa: E402
from replicate.exceptions import ModelError, ReplicateError  # noqa: E402
from replicate.helpers import FileOutput  # noqa: E402
from replicate.pagination import async_paginate, paginate  # noqa: E402
from replicate.stream import ServerSentEvent  # noqa: E402
from replicate.webhook import InvalidSignatureError, InvalidTimestampError  # noqa: E402
from replicate.webhook import MissingWebhookHeaderError, Webhooks  # noqa: E402

suite = Suite(importlib.metadata.version("replicate"))
check = suite.check
client = Client()
ME = service.get("/account")["username"]
MINE = "conformance-stable"

STORY = "lumen-lab/storyteller"
STORY_INPUT = {"prompt": "a lighthouse", "seed": 7, "max_tokens": 60}
PICTURE_INPUT = {"prompt": "sea", "seed": 3, "megapixels": "0.25", "steps": 3}
Event = ServerSentEvent.EventType
# Where this client wants a cursor it takes any address: the predictions of this run alone.
SINCE = time.strftime("/v1/predictions?created_after=%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def version(model: str) -> str:
    return service.get(f"/models/{model}")["latest_version"]["id"]


def names(models: Any) -> list[str]:
    return [f"{model.owner}/{model.name}" for model in models]


def raw_names(models: Any) -> list[str]:
    return [f"{model['owner']}/{model['name']}" for model in models]


def newest_prediction() -> Any:
    return client.predictions.list(SINCE)[0]


# Account and hardware


@check("accounts.current")
def account_is_told():
    account = client.accounts.current()
    raw = service.get("/account")
    same((account.type, account.username, account.name, account.github_url),
         (raw["type"], raw["username"], raw["name"], raw["github_url"]))


@check("accounts.async_current")
async def account_is_told_async():
    same((await Client().accounts.async_current()).username, ME)


@check("hardware.list")
def hardware_is_listed():
    hardware = client.hardware.list()
    same([(one.sku, one.name) for one in hardware],
         [(one["sku"], one["name"]) for one in service.get("/hardware")])
    assert {"cpu", "gpu-t4"} <= {one.sku for one in hardware}


@check("hardware.async_list")
async def hardware_is_listed_async():
    same(len(await Client().hardware.async_list()), len(service.get("/hardware")))


# Collections


@check("collections.list")
def collections_are_listed():
    page = client.collections.list()
    raw = service.get("/collections")["results"]
    same([(one.slug, one.name, one.description) for one in page],
         [(one["slug"], one["name"], one["description"]) for one in raw])
    assert len(page) > 3


@check("collections.get")
def every_collection_opens_with_whole_models():
    for listed in client.collections.list():
        collection = client.collections.get(listed.slug)
        raw = service.get(f"/collections/{listed.slug}")
        same(names(collection), raw_names(raw["models"]), listed.slug)
        assert len(collection) == len(raw["models"]) > 0
        assert all("Input" in model.latest_version.openapi_schema["components"]["schemas"]
                   for model in collection)


@check("collections.async_list")
async def collections_are_listed_async():
    same(len(await Client().collections.async_list()), len(client.collections.list()))


@check("collections.async_get")
async def collection_opens_async():
    slug = client.collections.list()[0].slug
    same(names(await Client().collections.async_get(slug)), names(client.collections.get(slug)))


# Models and versions


@check("models.list")
def models_are_listed():
    page = client.models.list()
    raw = service.get("/models")
    same(names(page), raw_names(raw["results"]))
    same(page.next, raw["next"])
    same(len(page), 25, "models of a page")


@check("models.list (pagination over all pages)")
def every_page_of_models_is_turned():
    pages = list(paginate(client.models.list))
    assert len(pages) > 1
    found = [name for page in pages for name in names(page)]
    same(found, raw_names(service.results("/models")))
    same(len(found), len(set(found)), "a model comes once")
    same(pages[-1].next, None)


@check("models.async_list (pagination over all pages)")
async def every_page_of_models_is_turned_async():
    other = Client()
    found = [name async for page in async_paginate(other.models.async_list) for name in names(page)]
    same(found, raw_names(service.results("/models")))


@check("models.get")
def every_model_opens():
    for name in [*raw_names(service.results("/models")), "demo/painter"]:
        model = client.models.get(name)
        raw = service.get(f"/models/{name}")
        same((model.id, model.url, model.description, model.visibility, model.run_count),
             (name, raw["url"], raw["description"], raw["visibility"], raw["run_count"]))
        if raw["latest_version"]:
            same((model.latest_version.id, model.latest_version.openapi_schema),
                 (raw["latest_version"]["id"], raw["latest_version"]["openapi_schema"]))
        if raw["default_example"]:
            same(model.default_example.output, raw["default_example"]["output"])
    assert model.latest_version and model.default_example


@check("models.async_get")
async def model_opens_async():
    same((await Client().models.async_get("demo", "painter")).id, "demo/painter")


@check("model.reload")
def model_is_loaded_again():
    model = client.models.get("demo/painter")
    model.description = "changed here alone"
    model.reload()
    same(model.description, service.get("/models/demo/painter")["description"])


@check("models.search")
def models_are_found_by_a_word():
    found = names(client.models.search("storyteller"))
    assert STORY in found, found
    same(names(client.models.search("zzzqqqxyzzy")), [])


@check("models.async_search")
async def models_are_found_by_a_word_async():
    assert STORY in names(await Client().models.async_search("story"))


@check("model.versions.list")
def versions_are_listed_newest_first():
    versions = client.models.get("demo/painter").versions.list()
    same([one.id for one in versions],
         [one["id"] for one in service.get("/models/demo/painter/versions")["results"]])
    assert len(versions) > 1
    dates = [one.created_at for one in versions]
    same(dates, sorted(dates, reverse=True))
    same(versions[0].id, version("demo/painter"))


@check("model.versions.list (an official model has none)")
def official_models_have_no_versions():
    error = raises(ReplicateError, client.models.get(STORY).versions.list)
    same(error.status, 404)


@check("model.versions.get")
def every_version_opens():
    model = client.models.get("demo/painter")
    for listed in model.versions.list():
        found = model.versions.get(listed.id)
        same((found.id, found.created_at, found.cog_version, found.openapi_schema),
             (listed.id, listed.created_at, listed.cog_version, listed.openapi_schema))


@check("model.versions.async_list, async_get")
async def versions_open_async():
    versions = (await Client().models.async_get("demo/painter")).versions
    listed = await versions.async_list()
    same((await versions.async_get(listed[1].id)).created_at, listed[1].created_at)


@check("models.create")
def model_is_created():
    model = client.models.create(
        owner=ME, name=MINE, visibility="private", hardware="cpu", description="Made by a suite",
        github_url="https://github.com/replicate/cog", cover_image_url="https://example.com/a.png")
    same((model.id, model.visibility, model.description, model.github_url, model.latest_version),
         (f"{ME}/{MINE}", "private", "Made by a suite", "https://github.com/replicate/cog", None))
    same(client.models.get(f"{ME}/{MINE}").dict(), model.dict())


@check("models.create (a name that is taken)")
def model_is_not_created_twice():
    error = raises(ReplicateError, client.models.create,
                   owner=ME, name=MINE, visibility="private", hardware="cpu")
    assert 400 <= error.status < 500 and error.detail, error


@check("models.async_create, async_delete")
async def model_is_created_and_deleted_async():
    other = Client()
    name = f"{MINE}-async"
    await other.models.async_create(owner=ME, name=name, visibility="private", hardware="cpu")
    same(await other.models.async_delete(ME, name), True)
    same(service.ask(f"/models/{ME}/{name}").status, 404)


# Predictions


@check("predictions.create (version), prediction.wait")
def prediction_starts_and_ends():
    prediction = client.predictions.create(
        version("inkwell/is-it-a-palindrome"), {"text": "A man, a plan, a canal: Panama!"})
    assert prediction.status in ("starting", "processing"), prediction.status
    same((prediction.model, prediction.output, prediction.completed_at),
         ("inkwell/is-it-a-palindrome", None, None))
    same(prediction.urls["get"], f"{service.url}/predictions/{prediction.id}")
    same(prediction.urls["cancel"], f"{service.url}/predictions/{prediction.id}/cancel")
    prediction.wait()
    same((prediction.status, prediction.output, prediction.error), ("succeeded", True, None))
    has_times_in_order(prediction.dict())
    assert prediction.metrics["predict_time"] >= 0


@check("predictions.create (version, wait=True)")
def prediction_is_waited_for():
    prediction = client.predictions.create(
        version=version("quarry/prime-factors"), input={"number": "600851475143"}, wait=True)
    # A finished run comes back as "processing", with its output.
    same(prediction.status, "processing")
    same([factor for factor in ("71", "839", "1471", "6857") if factor not in prediction.output],
         [], prediction.output)
    same(service.settled(prediction.id)["output"], prediction.output)


@check("predictions.create (version, wait=1, which is too short)")
def prediction_is_not_waited_for_for_ever():
    started = time.monotonic()
    prediction = client.predictions.create(
        version=version("demo/endless"), input={"every": 1}, wait=1)
    took = time.monotonic() - started
    prediction.cancel()
    assert 0.9 < took < 20, took
    assert prediction.output is None


@check("predictions.create (model)")
def official_model_runs_by_name():
    prediction = client.predictions.create(model=STORY, input=STORY_INPUT)
    prediction.wait()
    same((prediction.status, prediction.model), ("succeeded", STORY))
    same("".join(prediction.output), "".join(service.settled(prediction.id)["output"]))
    assert len(prediction.output) > 10


@check("models.predictions.create")
def official_model_runs_by_a_pair_of_names():
    prediction = client.models.predictions.create(("lumen-lab", "eliza-1966"),
                                                  {"prompt": "I need a boat"}, wait=True)
    assert "".join(prediction.output).strip()


@check("models.predictions.create (a community model: 404)")
def community_model_does_not_run_by_name():
    error = raises(ReplicateError, client.models.predictions.create, "demo/painter", {})
    same(error.status, 404)


@check("predictions.get, prediction.reload")
def prediction_is_loaded_again():
    made = client.predictions.create(version("inkwell/is-it-a-palindrome"), {"text": "no lemon"})
    raw = service.settled(made.id)
    found = client.predictions.get(made.id)
    same((found.id, found.status, found.output, found.input, found.version),
         (raw["id"], "succeeded", False, {"text": "no lemon"}, raw["version"]))
    made.reload()
    same(made.dict(), found.dict())


@check("predictions.list")
def predictions_are_listed_newest_first():
    made = [client.predictions.create(version("inkwell/is-it-a-palindrome"), {"text": text})
            for text in ("first", "second")]
    page = client.predictions.list(SINCE)
    same([one.id for one in page[:2]], [made[1].id, made[0].id])
    dates = [one.created_at for one in page]
    same(dates, sorted(dates, reverse=True))


@check("predictions.list (pagination over all pages)")
def every_page_of_predictions_is_turned():
    found: list[str] = []
    cursor: Any = ...
    while cursor:
        raw = service.get("/predictions" if cursor is ... else cursor)
        if any(one["status"] == "aborted" for one in raw["results"]):
            # This release knows no such status, and refuses a page that has one.
            error = raises(ValueError, client.predictions.list, cursor)
            assert "given=aborted" in str(error), error
        else:
            page = client.predictions.list(cursor)
            same([one.id for one in page], [one["id"] for one in raw["results"]])
            same(page.next, raw["next"])
        found += [one["id"] for one in raw["results"]]
        cursor = raw["next"]
        same(len(raw["results"]) if cursor else 100, 100)
    same(len(set(found)), len(found), "a prediction comes once")
    assert len(found) > 100


@check("prediction.cancel")
def endless_run_is_cancelled():
    prediction = client.predictions.create(version("demo/endless"), {"every": 0.1})
    until = time.monotonic() + 20
    while not prediction.logs and time.monotonic() < until:
        time.sleep(0.05)
        prediction.reload()
    same(prediction.status, "processing")
    prediction.cancel()
    same(prediction.status, "canceled")
    raw = service.settled(prediction.id)
    same(raw["status"], "canceled")
    assert raw["completed_at"] and raw["logs"]


@check("predictions.cancel (one that has ended stays)")
def ended_run_is_not_cancelled():
    made = client.predictions.create(version("inkwell/is-it-a-palindrome"), {"text": "noon"})
    service.settled(made.id)
    same((client.predictions.cancel(made.id).status, service.settled(made.id)["output"]),
         ("succeeded", True))


@check("prediction.progress")
def progress_is_read_from_the_log():
    prediction = client.predictions.create(version("demo/painter"), PICTURE_INPUT)
    prediction.wait()
    same((prediction.progress.percentage, prediction.progress.current, prediction.progress.total),
         (1.0, 3, 3))


@check("prediction.output_iterator")
def output_comes_piece_by_piece():
    prediction = client.predictions.create(version("inkwell/name-maker"), {"count": 12, "seed": 5})
    pieces = list(prediction.output_iterator())
    same(pieces, service.settled(prediction.id)["output"])
    same(len(pieces), 12)


@check("prediction.async_output_iterator, async_wait, async_reload, async_cancel")
async def prediction_runs_async():
    other = Client()
    made = await other.predictions.async_create(
        version=version("inkwell/name-maker"), input={"count": 6, "seed": 5})
    pieces = [piece async for piece in made.async_output_iterator()]
    same(pieces, service.settled(made.id)["output"])
    run = await other.predictions.async_create(version=version("demo/endless"), input={})
    await run.async_reload()
    await run.async_cancel()
    await run.async_wait()
    same(run.status, "canceled")


@check("predictions.async_create, async_get, async_list, async_cancel")
async def predictions_are_asked_for_async():
    other = Client()
    made = await other.predictions.async_create(version=version("demo/endless"), input={})
    same((await other.predictions.async_list(SINCE))[0].id, made.id)
    same((await other.predictions.async_cancel(made.id)).status, "canceled")
    same((await other.predictions.async_get(made.id)).status, "canceled")


@check("predictions.async_create (many at once)")
async def predictions_run_side_by_side():
    other = Client()
    numbers = [11 * n for n in range(2, 14)]
    made = await asyncio.gather(*(
        other.predictions.async_create(
            version=version("quarry/prime-factors"), input={"number": str(number)}, wait=True)
        for number in numbers))
    same(len({one.id for one in made}), len(numbers))
    for number, prediction in zip(numbers, made):
        assert prediction.output.startswith(f"{number} = "), prediction.output


# Files that models give out and take in


@check("FileOutput.read, iteration, aread (an output's address)")
def output_files_are_read():
    prediction = client.predictions.create(
        version("demo/painter"), PICTURE_INPUT | {"num_outputs": 2})
    prediction.wait()
    same(len(prediction.output), 2)
    for url in prediction.output:
        file = FileOutput(url, client)
        data = file.read()
        width, height = png_size(data)
        assert width > height > 100
        same(b"".join(file), data)
        same(str(file), url)

        async def read_async(url: str = url) -> bytes:
            return await FileOutput(url, Client()).aread()

        same(asyncio.run(read_async()), data)
        # The output host asks for no token.
        same(service.ask(url, token=None).body, data)


@check("run (a picture; FileOutput)")
def picture_model_runs():
    output = replicate.run(f"demo/painter:{version('demo/painter')}", input=PICTURE_INPUT)
    same([type(one) for one in output], [FileOutput])
    assert output[0].url.startswith("data:image/png;base64,"), output[0].url[:40]
    data = output[0].read()
    png_size(data)
    last = newest_prediction()
    last.reload()
    same(FileOutput(last.output[0], client).read(), data, "the file behind the later address")


@check("run (use_file_output=False)")
def picture_model_runs_with_plain_addresses():
    output = replicate.run(f"demo/painter:{version('demo/painter')}", input=PICTURE_INPUT,
                           use_file_output=False)
    png_size(base64.b64decode(output[0].split(",")[1]))


@check("run (one text after another)")
def iterator_model_runs():
    reference = f"inkwell/name-maker:{version('inkwell/name-maker')}"
    output = replicate.run(reference, input={"count": 4, "seed": 2})
    found = list(output)
    same(len(found), 4)
    same(list(replicate.run(reference, input={"count": 4, "seed": 2}, wait=False)), found)


@check("run (an official model)")
def text_model_runs():
    words = replicate.run(STORY, input=STORY_INPUT)
    text = "".join(words)
    same(text, "".join(service.settled(newest_prediction().id)["output"]))
    same("".join(replicate.run(STORY, input=STORY_INPUT)), text, "the same seed, the same text")
    assert len(text.split()) > 10


@check("run (wait=False)")
def model_runs_by_polling():
    output = replicate.run(
        f"quarry/prime-factors:{version('quarry/prime-factors')}", input={"number": "360"},
        wait=False)
    same(output, "360 = 2³ × 3² × 5")


@check("run (a plate at a time; iterator of FileOutput)")
def picture_iterator_runs():
    plates = list(replicate.run(
        f"atelier/slow-exposure:{version('atelier/slow-exposure')}",
        input={"plates": 2, "seed": 1}))
    same(len(plates), 2)
    assert plates[0].read() != plates[1].read()
    same(png_size(plates[0].read()), png_size(plates[1].read()))


@check("run (rows of numbers)")
def embedding_model_runs():
    rows = replicate.run(
        f"meridian/sentence-vectors:{version('meridian/sentence-vectors')}",
        input={"texts": ["sailing boats", "a boat that sails", "income tax"], "dimensions": 32})
    same([len(row) for row in rows], [32] * 3)
    one, near, far = rows
    product = [sum(a * b for a, b in zip(one, other)) for other in (one, near, far)]
    assert product[0] > product[1] > product[2], product


@check("run (a model that fails)")
def failing_model_raises():
    error = raises(ModelError, replicate.run, f"atelier/mural-xl:{version('atelier/mural-xl')}",
                   input={"prompt": "the sea", "steps": 10})
    same(error.prediction.status, "failed")
    assert "memory" in str(error), error
    same(service.get(f"/predictions/{error.prediction.id}")["error"], str(error))


@check("run (a handle as input, uploaded)")
def handle_is_uploaded():
    before = {file.id for file in client.files.list()}
    text = b"The quick brown fox.\n"
    handle = io.BytesIO(text)
    handle.name = "fox.txt"
    output = replicate.run(
        f"inkwell/letter-case:{version('inkwell/letter-case')}", input={"document": handle})
    same(output.read(), text.upper())
    (new,) = [file for file in client.files.list() if file.id not in before]
    same((new.name, new.checksums["sha256"]), ("fox.txt", hashlib.sha256(text).hexdigest()))
    same(newest_prediction().input["document"], new.urls["get"])


@check("run (a handle as input, base64)")
def handle_is_inlined():
    handle = io.BytesIO(b"the lazy dog\n")
    output = replicate.run(
        f"inkwell/letter-case:{version('inkwell/letter-case')}",
        input={"document": handle, "letters": "title"}, file_encoding_strategy="base64")
    same(output.read(), b"The Lazy Dog\n")


@check("run (an output as the next input)")
def output_is_handed_on():
    first = client.predictions.create(version("demo/painter"), PICTURE_INPUT)
    first.wait()
    prediction = client.predictions.create(
        version("darkroom/monochrome"), {"image": first.output[0]})
    prediction.wait()
    same(prediction.status, "succeeded", prediction.error or "")
    same(png_size(FileOutput(prediction.output, client).read()),
         png_size(FileOutput(first.output[0], client).read()))


@check("async_run")
async def models_run_async():
    other = Client()
    output = await other.async_run(
        f"demo/painter:{version('demo/painter')}", input=PICTURE_INPUT)
    png_size(await output[0].aread())
    pieces = await other.async_run(
        f"inkwell/name-maker:{version('inkwell/name-maker')}", input={"count": 3, "seed": 2})
    same(len([piece async for piece in pieces]), 3)


# Streams


@check("stream")
def text_is_streamed():
    events = list(replicate.stream(STORY, input=STORY_INPUT))
    same({event.event for event in events}, {Event.OUTPUT, Event.DONE})
    same((events[-1].event, events[-1].data), (Event.DONE, "{}"))
    text = "".join(str(event) for event in events)
    same(text, "".join(service.settled(newest_prediction().id)["output"]))
    same(len({event.id for event in events}), len(events), "each event has an id of its own")
    same(text, "".join(replicate.run(STORY, input=STORY_INPUT)))


@check("stream (owner/name:version)")
def version_is_streamed():
    events = list(replicate.stream(
        f"quarry/pi:{version('quarry/pi')}", input={"digits": 40, "pause": 0}))
    same("".join(str(event) for event in events)[:12], "3.1415926535")


@check("stream (blanks and new lines)")
def new_lines_survive_the_stream():
    reference = f"glacier/haiku:{version('glacier/haiku')}"
    raises(ReplicateError, lambda: list(replicate.stream(reference, input={})))
    poem = {"prompt": "a poem about rain", "form": "poem", "seed": 4, "max_tokens": 120}
    events = list(replicate.stream(STORY, input=poem))
    text = "".join(str(event) for event in events)
    same(text, "".join(service.settled(newest_prediction().id)["output"]))
    assert "\n" in text, text


@check("stream (files)")
def files_are_streamed():
    events = list(replicate.stream(
        f"atelier/slow-exposure:{version('atelier/slow-exposure')}",
        input={"plates": 2, "seed": 1}))
    files = [event.data for event in events if event.event == Event.OUTPUT]
    same(len(files), 2)
    for file in files:
        png_size((file if isinstance(file, FileOutput) else FileOutput(file, client)).read())


@check("prediction.stream (twice, and after the end)")
def stream_is_replayed():
    prediction = client.predictions.create(model=STORY, input=STORY_INPUT)
    first = [(event.id, event.data) for event in prediction.stream()]
    service.settled(prediction.id)
    same([(event.id, event.data) for event in prediction.stream()], first)


@check("prediction.stream (cancelled)")
def cancelled_stream_says_so():
    prediction = client.predictions.create(
        version("quarry/pi"), {"digits": 2000, "pause": 2})
    events = []
    for event in prediction.stream():
        if not events:
            client.predictions.cancel(prediction.id)
        events.append(event)
    same(events[-1].event, Event.DONE)
    assert '"canceled"' in events[-1].data, events[-1].data


@check("async_stream")
async def text_is_streamed_async():
    events = [event async for event in await Client().async_stream(STORY, input=STORY_INPUT)]
    same(events[-1].event, Event.DONE)
    same("".join(str(event) for event in events), "".join(replicate.run(STORY, input=STORY_INPUT)))


@check("prediction.async_stream")
async def prediction_is_streamed_async():
    made = await Client().predictions.async_create(model=STORY, input=STORY_INPUT)
    text = "".join([str(event) async for event in made.async_stream()])
    same(text, "".join(service.settled(made.id)["output"]))


# Files


@check("files.create (handle, metadata)")
def file_is_uploaded():
    data = os.urandom(5000)
    handle = io.BytesIO(data)
    handle.name = "noise.png"
    file = client.files.create(handle, metadata={"order": 12, "deep": {"list": [1, 2]}})
    same((file.name, file.content_type, file.size, file.metadata),
         ("noise.png", "image/png", 5000, {"order": 12, "deep": {"list": [1, 2]}}))
    same(file.checksums["sha256"], hashlib.sha256(data).hexdigest())
    same(file.checksums["md5"], hashlib.md5(data).hexdigest())
    same(file.urls["get"], f"{service.url}/files/{file.id}")
    assert file.etag and file.expires_at > file.created_at


@check("files.create (path)")
def file_is_uploaded_from_a_path():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "näme with blanks.txt"
        path.write_text("hello\n")
        file = client.files.create(path)
    same((file.name, file.content_type, file.size), (path.name, "text/plain", 6))


@check("files.get")
def file_is_told():
    made = client.files.create(io.BytesIO(b"abc"))
    same(client.files.get(made.id).dict(), made.dict())


@check("files.list")
def files_are_listed():
    made = client.files.create(io.BytesIO(b"listed"))
    listed = {file.id: file for file in client.files.list()}
    same(listed[made.id].dict(), made.dict())


@check("files.delete")
def file_is_deleted():
    made = client.files.create(io.BytesIO(b"gone"))
    same(client.files.delete(made.id), True)
    error = raises(ReplicateError, client.files.get, made.id)
    same((error.status, error.detail), (404, "File not found"))
    assert made.id not in {file.id for file in client.files.list()}
    same(raises(ReplicateError, client.files.delete, made.id).status, 404)


@check("files.async_create, async_get, async_list, async_delete")
async def files_are_kept_async():
    other = Client()
    made = await other.files.async_create(io.BytesIO(b"abc"), filename="a.bin")
    same((await other.files.async_get(made.id)).name, "a.bin")
    assert made.id in {file.id for file in await other.files.async_list()}
    same(await other.files.async_delete(made.id), True)


# Trainings


def start_training(**more: Any) -> Any:
    return client.trainings.create(
        model="demo/painter", version=version("demo/painter"), input={"steps": 5},
        destination=f"{ME}/{MINE}", **more)


@check("trainings.create, training.reload")
def training_makes_a_version():
    training = start_training(webhook="https://example.com/hook")
    assert training.status in ("starting", "processing"), training.status
    same((training.model, training.version), ("demo/painter", version("demo/painter")))
    service.settled(training.id, "trainings")
    training.reload()
    same((training.status, training.error), ("succeeded", None))
    name, made = training.output["version"].split(":")
    same((name, training.destination), (f"{ME}/{MINE}", f"{ME}/{MINE}"))
    assert training.output["weights"] and training.logs
    model = client.models.get(name)
    same(model.latest_version.id, made)
    prediction = client.predictions.create(made, PICTURE_INPUT)
    prediction.wait()
    png_size(FileOutput(prediction.output[0], client).read())


@check("trainings.create (owner/name:version)")
def training_starts_by_position():
    training = client.trainings.create(
        f"demo/painter:{version('demo/painter')}", {"steps": 5}, f"{ME}/{MINE}")
    same(service.settled(training.id, "trainings")["status"], "succeeded")


@check("trainings.get")
def training_is_told():
    made = start_training()
    found = client.trainings.get(made.id)
    same((found.id, found.input, found.version), (made.id, {"steps": 5}, made.version))
    same(found.urls["cancel"], f"{service.url}/trainings/{made.id}/cancel")


@check("trainings.list")
def trainings_are_listed_newest_first():
    made = start_training()
    page = client.trainings.list()
    same(page[0].id, made.id)
    same([one.id for one in page],
         [one["id"] for one in service.get("/trainings")["results"]])
    assert made.id not in [one.id for one in client.predictions.list(SINCE)]


@check("training.cancel")
def training_is_cancelled():
    training = start_training()
    training.cancel()
    same(training.status, "canceled")
    same(service.get(f"/trainings/{training.id}")["status"], "canceled")


@check("trainings.create (no such destination)")
def training_needs_a_destination():
    error = raises(
        ReplicateError, client.trainings.create, model="demo/painter",
        version=version("demo/painter"), input={}, destination=f"{ME}/no-such-model")
    same((error.status, error.detail),
         (404, "The specified training destination does not exist"))


@check("trainings.async_create, async_get, async_list, async_cancel")
async def trainings_run_async():
    other = Client()
    made = await other.trainings.async_create(
        model="demo/painter", version=version("demo/painter"), input={},
        destination=f"{ME}/{MINE}")
    same((await other.trainings.async_get(made.id)).id, made.id)
    same((await other.trainings.async_list())[0].id, made.id)
    same((await other.trainings.async_cancel(made.id)).status, "canceled")


# What was trained can be taken down again, and then the model.


@check("model.versions.delete")
def versions_are_deleted():
    service.settle_trainings()
    versions = client.models.get(f"{ME}/{MINE}").versions
    listed = [one.id for one in versions.list()]
    assert listed
    for one in listed:
        # The service answers 202, which this client takes for a failure.
        same(versions.delete(one), False)
    same(len(versions.list()), 0)
    same(raises(ReplicateError, versions.get, listed[0]).status, 404)


@check("models.delete")
def model_is_deleted():
    same(client.models.delete(f"{ME}/{MINE}"), True)
    same(raises(ReplicateError, client.models.get, f"{ME}/{MINE}").status, 404)


@check("models.delete (someone else's)")
def foreign_model_is_not_deleted():
    error = raises(ReplicateError, client.models.delete, "lumen-lab/nebula")
    assert error.status in (401, 403, 404), error
    same(client.models.get("lumen-lab/nebula").name, "nebula")


# Deployments


@check("deployments.create")
def deployment_is_created():
    deployment = client.deployments.create(
        name=MINE, model="inkwell/is-it-a-palindrome",
        version=version("inkwell/is-it-a-palindrome"), hardware="cpu", min_instances=0,
        max_instances=2)
    release = deployment.current_release
    same((deployment.owner, deployment.name, release.number, release.model, release.version),
         (ME, MINE, 1, "inkwell/is-it-a-palindrome", version("inkwell/is-it-a-palindrome")))
    same(release.configuration.dict(),
         {"hardware": "cpu", "min_instances": 0, "max_instances": 2})
    same(release.created_by.username, ME)


@check("deployments.get")
def deployment_is_told():
    found = client.deployments.get(f"{ME}/{MINE}")
    same((found.id, found.current_release.number), (f"{ME}/{MINE}", 1))


@check("deployments.list")
def deployments_are_listed():
    page = client.deployments.list()
    same([one.id for one in page],
         raw_names(service.get("/deployments")["results"]))
    assert f"{ME}/{MINE}" in [one.id for one in page]


@check("deployments.update")
def deployment_is_updated():
    updated = client.deployments.update(
        ME, MINE, hardware="gpu-t4", min_instances=1, max_instances=3)
    same((updated.current_release.number, updated.current_release.configuration.dict()),
         (2, {"hardware": "gpu-t4", "min_instances": 1, "max_instances": 3}))
    same(client.deployments.get(f"{ME}/{MINE}").dict(), updated.dict())


@check("deployment.predictions.create")
def deployment_runs():
    prediction = client.deployments.get(f"{ME}/{MINE}").predictions.create({"text": "noon"})
    raw = service.settled(prediction.id)
    same((raw["status"], raw["output"], raw.get("deployment")),
         ("succeeded", True, f"{ME}/{MINE}"))


@check("deployments.predictions.create (wait=True)")
def deployment_is_waited_for():
    prediction = client.deployments.predictions.create(
        (ME, MINE), {"text": "not one"}, wait=True)
    same(prediction.output, False)


@check("predictions.create (deployment)")
def deployment_runs_by_name():
    prediction = client.predictions.create(deployment=f"{ME}/{MINE}", input={"text": "level"})
    same(service.settled(prediction.id)["output"], True)


@check("deployments.async_create, async_list, async_get, async_update, async_delete")
async def deployments_are_kept_async():
    other = Client()
    name = f"{MINE}-async"
    await other.deployments.async_create(
        name=name, model="inkwell/is-it-a-palindrome",
        version=version("inkwell/is-it-a-palindrome"), hardware="cpu", min_instances=0,
        max_instances=1)
    same((await other.deployments.async_list())[0].name, name)
    found = await other.deployments.async_get(f"{ME}/{name}")
    run = await found.predictions.async_create({"text": "wow"}, wait=True)
    same(run.output, True)
    await other.deployments.async_update(ME, name, max_instances=5)
    same(service.get(f"/deployments/{ME}/{name}")["current_release"]["configuration"]
         ["max_instances"], 5)


@check("deployments.delete")
def deployment_is_deleted():
    name = f"{MINE}-unused"
    client.deployments.create(
        name=name, model="inkwell/is-it-a-palindrome",
        version=version("inkwell/is-it-a-palindrome"), hardware="cpu", min_instances=0,
        max_instances=1)
    same(client.deployments.delete(ME, name), True)
    same(raises(ReplicateError, client.deployments.get, f"{ME}/{name}").status, 404)
    same(raises(ReplicateError, client.deployments.delete, ME, name).status, 404)


@check("deployments.delete (one that has just run stays)")
def deployment_in_use_is_not_deleted():
    error = raises(ReplicateError, client.deployments.delete, ME, MINE)
    assert 400 <= error.status < 500 and error.detail, error
    same(client.deployments.get(f"{ME}/{MINE}").name, MINE)


# Webhooks


def signature(secret: str, identifier: str, stamp: str, body: str) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{identifier}.{stamp}.{body}".encode()
    return "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()


@check("webhooks.default.secret")
def webhook_secret_is_told():
    secret = client.webhooks.default.secret()
    assert secret.key.startswith("whsec_")
    assert len(base64.b64decode(secret.key.removeprefix("whsec_"), validate=True)) >= 24
    same(secret.key, client.webhooks.default.secret().key, "the secret stays")


@check("webhooks.default.async_secret")
async def webhook_secret_is_told_async():
    same((await Client().webhooks.default.async_secret()).key,
         client.webhooks.default.secret().key)


@check("webhooks.validate")
def webhook_is_validated():
    secret = client.webhooks.default.secret()
    body, stamp = '{"id":"abc"}', str(int(time.time()))
    headers = {
        "Webhook-Id": "msg_1", "Webhook-Timestamp": stamp,
        "Webhook-Signature": signature(secret.key, "msg_1", stamp, body),
    }
    Webhooks.validate(headers=headers, body=body, secret=secret, tolerance=60)
    raises(InvalidSignatureError, Webhooks.validate, headers=headers, body=body + " ",
           secret=secret)
    old = headers | {"Webhook-Timestamp": "1600000000"}
    raises(InvalidTimestampError, Webhooks.validate, headers=old, body=body, secret=secret,
           tolerance=60)
    raises(MissingWebhookHeaderError, Webhooks.validate, headers={"a": "b"}, body=body,
           secret=secret)


@check("webhooks.validate (what was delivered)")
def webhook_is_delivered():
    mailbox = Mailbox()
    prediction = client.predictions.create(
        version=version("demo/painter"), input=PICTURE_INPUT, webhook=mailbox.url,
        webhook_events_filter=["start", "completed"])
    mailbox.wait_for("succeeded")
    mailbox.shutdown()
    secret = client.webhooks.default.secret()
    for headers, body in mailbox.letters:
        Webhooks.validate(headers=headers, body=body.decode(), secret=secret, tolerance=60)
        raises(InvalidSignatureError, Webhooks.validate, headers=headers,
               body=body.decode().replace("demo/painter", "demo/painted"), secret=secret)
        same(json.loads(body)["id"], prediction.id)
    told = json.loads(mailbox.letters[-1][1])
    prediction.wait()
    same((told["status"], told["output"], told["input"]),
         ("succeeded", prediction.output, PICTURE_INPUT))
    assert "succeeded" not in {json.loads(body)["status"] for _, body in mailbox.letters[:-1]}
    same(len(mailbox.letters), 2, "start and completed, and no other event")


# Errors


@check("error 401 (a bad token)")
def bad_token_is_refused():
    error = raises(ReplicateError, Client(api_token=BAD_TOKEN).accounts.current)
    same((error.status, error.title, error.detail),
         (401, "Unauthenticated", "You did not pass a valid authentication token"))


@check("error 401 (no token)")
def missing_token_is_refused():
    del os.environ["REPLICATE_API_TOKEN"]
    try:
        error = raises(ReplicateError, Client().accounts.current)
    finally:
        os.environ["REPLICATE_API_TOKEN"] = TOKEN
    same((error.status, error.title, error.detail),
         (401, "Unauthenticated", "You did not pass an authentication token"))


@check("error 402")
def poor_account_runs_nothing():
    poor = Client(api_token=POOR_TOKEN)
    error = raises(ReplicateError, poor.predictions.create,
                   version=version("inkwell/is-it-a-palindrome"), input={"text": "x"})
    same((error.status, error.title), (402, "Insufficient credit"))
    assert error.detail.startswith("You have insufficient credit to run this model."), error
    same(poor.accounts.current().username, ME)


@check("error 404")
def what_is_not_there_is_not_found():
    for call in (
        lambda: client.models.get("nobody/nothing"),
        lambda: client.predictions.get("nosuchprediction"),
        lambda: client.trainings.get("nosuchtraining"),
        lambda: client.deployments.get("demo/nothing"),
        lambda: client.collections.get("no-such-collection"),
        lambda: client.models.get("demo/painter").versions.get("0" * 64),
        lambda: client.predictions.cancel("nosuchprediction"),
    ):
        error = raises(ReplicateError, call)
        same(error.status, 404)
        assert error.detail


@check("error 422 (fields)")
def bad_inputs_are_named():
    error = raises(
        ReplicateError, client.predictions.create, version=version("demo/painter"),
        input={"steps": 1000, "style": "cubism", "num_outputs": "two"})
    same((error.status, error.title), (422, "Input validation failed"))
    for line in (
        "- input.steps: Must be less than or equal to 100\n",
        "- input.style: style must be one of the following: ",
        "- input.num_outputs: Invalid type. Expected: integer, given: string\n",
    ):
        assert line in error.detail, error.detail


@check("error 422 (a field that is wanted)")
def missing_input_is_named():
    error = raises(ReplicateError, client.predictions.create,
                   version=version("inkwell/is-it-a-palindrome"), input={})
    same((error.status, error.detail), (422, "- input: text is required\n"))


@check("error 422 (bad version)")
def bad_version_is_refused():
    for bad in ("0" * 64, "nobody/nothing:" + "0" * 64, "demo/painter:latest"):
        error = raises(ReplicateError, client.predictions.create, version=bad, input={})
        same((error.status, error.title), (422, "Invalid version or not permitted"), bad)
        same(error.detail, "The specified version does not exist (or perhaps you don't have "
             "permission to use it?)")


suite.absent("models.update", lambda: hasattr(client.models, "update"))
suite.absent("models.readme.get", lambda: hasattr(client.models, "readme"))
suite.absent("models.examples.list", lambda: hasattr(client.models, "examples"))
suite.absent("search", lambda: hasattr(client, "search"))
suite.absent("files.download", lambda: hasattr(client.files, "download"))
suite.absent("use", lambda: hasattr(replicate, "use"))

finish(suite, table)
