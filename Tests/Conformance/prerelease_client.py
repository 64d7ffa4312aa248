"""The official client's pre-release (replicate 2.x), unchanged, against a running service.

    python prerelease_client.py URL [--table FILE]
"""

import asyncio
import base64
import hashlib
import importlib.metadata
import io
import json
import os
import re
import time
import warnings
from pathlib import Path
from typing import Any

from harness import (
    BAD_TOKEN,
    file_signature,
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
os.environ["REPLICATE_BASE_URL"] = service.url

import replicate  # noqa: E402
from replicate import AsyncReplicate, FileOutput, Omit, Replicate  # noqa: E402
from replicate.exceptions import ModelError  # noqa: E402
from replicate.lib._predictions_use import URLPath  # noqa: E402

suite = Suite(importlib.metadata.version("replicate"))
check = suite.check
client = Replicate(max_retries=0)
ME = service.get("/account")["username"]
MINE = "conformance-prerelease"

STORY = "lumen-lab/storyteller"
STORY_INPUT = {"prompt": "a lighthouse", "seed": 7, "max_tokens": 60}
TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(?:Z|\+00:00)")
PICTURE_INPUT = {"prompt": "sea", "seed": 3, "megapixels": "0.25", "steps": 3}


def version(model: str) -> str:
    return service.get(f"/models/{model}")["latest_version"]["id"]


def reference(model: str) -> str:
    return f"{model}:{version(model)}"


def names(models: Any) -> list[str]:
    return [f"{model.owner}/{model.name}" for model in models]


def raw_names(models: Any) -> list[str]:
    return [f"{model['owner']}/{model['name']}" for model in models]


def is_as_sent(answer: Any, raw: Any) -> None:
    """Whether the client's object holds what came over HTTP, and all that its type declares.

    The client checks nothing by itself: a member that isn't there is just not there.
    """
    same(rounded(json.loads(answer.to_json(exclude_unset=True))), rounded(raw))
    wanted = {name for name, field in type(answer).model_fields.items() if field.is_required()}
    assert wanted <= set(raw), f"{type(answer).__name__} wants {wanted - set(raw)}"


def rounded(value: Any) -> Any:
    """A value whose times have six digits, as many as the client keeps."""
    if isinstance(value, dict):
        return {name: rounded(member) for name, member in value.items()}
    if isinstance(value, list):
        return [rounded(member) for member in value]
    if isinstance(value, str) and (found := TIME.fullmatch(value)):
        return f"{found[1]}.{(found[2] or '.')[1:7].ljust(6, '0')}Z"
    return value


def strict() -> Replicate:
    """A client that refuses what doesn't fit its types."""
    return Replicate(max_retries=0, _strict_response_validation=True)


# Account and hardware


@check("account.get")
def account_is_told():
    is_as_sent(strict().account.get(), service.get("/account"))


@check("account.get (async)")
async def account_is_told_async():
    same((await AsyncReplicate().account.get()).username, ME)


@check("hardware.list")
def hardware_is_listed():
    hardware = strict().hardware.list()
    same([(one.sku, one.name) for one in hardware],
         [(one["sku"], one["name"]) for one in service.get("/hardware")])


# Collections


@check("collections.list")
def collections_are_listed():
    listed = list(strict().collections.list())
    for one, raw in zip(listed, service.results("/collections"), strict=True):
        is_as_sent(one, raw)
    assert len(listed) > 3


@check("collections.get")
def every_collection_opens_with_whole_models():
    for listed in client.collections.list():
        collection = strict().collections.get(collection_slug=listed.slug)
        raw = service.get(f"/collections/{listed.slug}")
        is_as_sent(collection, raw)
        assert len(collection.models) > 0 and collection.full_description


@check("collections.list, get (async)")
async def collections_open_async():
    other = AsyncReplicate()
    slugs = [one.slug async for one in other.collections.list()]
    collection = await other.collections.get(collection_slug=slugs[0])
    same(names(collection.models), names(client.collections.get(collection_slug=slugs[0]).models))


# Models and versions


@check("models.list (pagination over all pages)")
def every_page_of_models_is_turned():
    found = names(strict().models.list())
    same(found, raw_names(service.results("/models")))
    same(len(found), len(set(found)), "a model comes once")
    page = client.models.list()
    same(len(page.results), 25)
    same(names(page.get_next_page().results), found[25:50])


@check("models.list (sort_by, sort_direction)")
def models_are_sorted():
    up = client.models.list(sort_by="model_created_at", sort_direction="asc")
    down = client.models.list(sort_by="model_created_at", sort_direction="desc")
    found = names(up)
    same(found, names(down)[::-1])
    assert found != names(client.models.list(sort_direction="asc"))
    same(names(up.get_next_page().results), found[25:50], "the order over pages")


@check("models.list (async, pagination)")
async def every_page_of_models_is_turned_async():
    found = [f"{one.owner}/{one.name}" async for one in AsyncReplicate().models.list()]
    same(found, raw_names(service.results("/models")))


@check("models.get")
def every_model_opens():
    for name in [*raw_names(service.results("/models")), "demo/painter"]:
        owner, rest = name.split("/")
        model = strict().models.get(model_owner=owner, model_name=rest)
        is_as_sent(model, service.get(f"/models/{name}"))
    assert model.default_example["output"] and model.latest_version.openapi_schema


@check("models.search")
def models_are_found_by_a_word():
    assert STORY in names(strict().models.search(body="storyteller"))
    same(names(client.models.search(body="zzzqqqxyzzy")), [])


@check("search")
def everything_is_searched():
    found = strict().search(query="story", limit=5)
    is_as_sent(found, service.get("/search?query=story&limit=5"))
    same(found.query, "story")
    assert STORY in names(one.model for one in found.models)
    assert 0 < len(found.models) <= 5
    assert "audio" in [one.slug for one in client.search(query="audio").collections]


@check("search (async)")
async def everything_is_searched_async():
    same(len((await AsyncReplicate().search(query="a", limit=1)).models), 1)


@check("search (no token)")
def search_wants_no_token():
    # The one operation that the vendor's document asks no token for.
    found = client.search(query="storyteller", extra_headers={"Authorization": Omit()})
    assert STORY in names(one.model for one in found.models)


@check("search (error 400)")
def search_wants_words():
    error = raises(replicate.BadRequestError, client.search, query="")
    same(error.body["detail"], 'Query parameter "query" is required')


@check("models.examples.list")
def examples_are_listed():
    examples = list(client.models.examples.list(model_owner="demo", model_name="painter"))
    assert examples
    for one, raw in zip(
            examples, service.results("/models/demo/painter/examples"), strict=True):
        is_as_sent(one, raw)
        same((one.model, one.status), ("demo/painter", "succeeded"))
        png_size(FileOutput(one.output[0], client).read())


@check("models.readme.get")
def readme_is_told():
    text = client.models.readme.get(model_owner="demo", model_name="painter")
    answer = service.ask("/models/demo/painter/readme")
    same(text, answer.body.decode())
    assert answer.headers["Content-Type"].startswith("text/plain"), answer.headers
    assert "#" in text


@check("models.readme.get (error 404)")
def missing_readme_is_not_found():
    raises(replicate.NotFoundError, client.models.readme.get,
           model_owner="demo", model_name="nothing")


@check("models.versions.list")
def versions_are_listed_newest_first():
    versions = list(strict().models.versions.list(model_owner="demo", model_name="painter"))
    for one, raw in zip(
            versions, service.results("/models/demo/painter/versions"), strict=True):
        is_as_sent(one, raw)
    dates = [one.created_at for one in versions]
    same(dates, sorted(dates, reverse=True))
    assert len(versions) > 1


@check("models.versions.list (an official model has none)")
def official_models_have_no_versions():
    raises(replicate.NotFoundError, client.models.versions.list,
           model_owner="lumen-lab", model_name="storyteller")


@check("models.versions.get")
def version_opens():
    found = strict().models.versions.get(
        model_owner="demo", model_name="painter", version_id=version("demo/painter"))
    same(found.openapi_schema, service.get("/models/demo/painter")["latest_version"]
         ["openapi_schema"])


@check("models.create")
def model_is_created():
    model = strict().models.create(
        owner=ME, name=MINE, visibility="private", hardware="cpu", description="Made by a suite",
        paper_url="https://arxiv.org/abs/1706.03762", license_url="https://example.com/license")
    is_as_sent(model, service.get(f"/models/{ME}/{MINE}"))
    same((model.visibility, model.description, model.paper_url, model.latest_version),
         ("private", "Made by a suite", "https://arxiv.org/abs/1706.03762", None))


@check("models.update")
def model_is_updated():
    model = strict().models.update(
        model_owner=ME, model_name=MINE, description="Changed", readme="# Hello\n",
        github_url="https://github.com/replicate/cog")
    same((model.description, model.github_url, model.paper_url, model.visibility),
         ("Changed", "https://github.com/replicate/cog", "https://arxiv.org/abs/1706.03762",
          "private"))
    is_as_sent(model, service.get(f"/models/{ME}/{MINE}"))
    same(client.models.readme.get(model_owner=ME, model_name=MINE), "# Hello\n")


@check("models.update (async)")
async def model_is_updated_async():
    model = await AsyncReplicate().models.update(
        model_owner=ME, model_name=MINE, description="Changed again")
    same(model.description, "Changed again")


# Predictions


@check("predictions.create, wait")
def prediction_starts_and_ends():
    prediction = client.predictions.create(
        version=version("inkwell/is-it-a-palindrome"),
        input={"text": "A man, a plan, a canal: Panama!"})
    assert prediction.status in ("starting", "processing"), prediction.status
    same((prediction.urls.get, prediction.urls.cancel),
         (f"{service.url}/predictions/{prediction.id}",
          f"{service.url}/predictions/{prediction.id}/cancel"))
    assert prediction.urls.web
    ended = client.predictions.wait(prediction.id)
    raw = service.get(f"/predictions/{prediction.id}")
    is_as_sent(ended, raw)
    same((ended.status, ended.output, ended.source, ended.data_removed),
         ("succeeded", True, "api", False))
    has_times_in_order(raw)
    assert ended.metrics.total_time >= 0


@check("predictions.create (prefer=wait)")
def prediction_is_waited_for():
    answer = client.predictions.with_raw_response.create(
        version=version("quarry/prime-factors"), input={"number": "600851475143"}, prefer="wait")
    same((answer.status_code, answer.headers["preference-applied"]), (201, "wait"))
    prediction = answer.parse()
    same((prediction.status, prediction.output),
         ("processing", "600851475143 = 71 × 839 × 1471 × 6857"))


@check("predictions.create (prefer=wait=1, which is too short)")
def prediction_is_not_waited_for_for_ever():
    started = time.monotonic()
    answer = client.predictions.with_raw_response.create(
        version=version("demo/endless"), input={}, prefer="wait=1")
    took = time.monotonic() - started
    same(answer.headers["preference-applied"], "wait=1")
    prediction = answer.parse()
    client.predictions.cancel(prediction_id=prediction.id)
    assert 0.9 < took < 20, took
    same(prediction.output, None)


@check("predictions.create (cancel_after)")
def prediction_has_a_deadline():
    prediction = client.predictions.create(
        version=version("demo/endless"), input={"every": 1}, cancel_after="20s")
    assert prediction.deadline and prediction.deadline > prediction.created_at, prediction
    ended = client.predictions.wait(prediction.id)
    same(ended.status, "canceled")


@check("predictions.create (owner/name of an official model)")
def official_model_runs_as_a_version():
    prediction = client.predictions.create(version=STORY, input=STORY_INPUT)
    same(client.predictions.wait(prediction.id).model, STORY)


@check("predictions.create (owner/name:version)")
def version_runs_by_its_whole_name():
    prediction = client.predictions.create(
        version=reference("inkwell/is-it-a-palindrome"), input={"text": "kayak"})
    same(client.predictions.wait(prediction.id).output, True)


@check("models.predictions.create")
def official_model_runs_by_name():
    prediction = client.models.predictions.create(
        model_owner="lumen-lab", model_name="storyteller", input=STORY_INPUT)
    ended = client.predictions.wait(prediction.id)
    same((ended.status, ended.model), ("succeeded", STORY))
    same(ended.urls.stream, prediction.urls.stream)
    assert len(ended.output) > 10


@check("models.predictions.create (a community model: 404)")
def community_model_does_not_run_by_name():
    raises(replicate.NotFoundError, client.models.predictions.create,
           model_owner="demo", model_name="painter", input={})


@check("predictions.get")
def prediction_is_told():
    made = client.predictions.create(
        version=version("inkwell/is-it-a-palindrome"), input={"text": "no"})
    raw = service.settled(made.id)
    is_as_sent(client.predictions.get(prediction_id=made.id), raw)
    same((raw["output"], raw["input"]), (False, {"text": "no"}))


@check("predictions.list (pagination over all pages)")
def predictions_are_listed_newest_first():
    made = client.predictions.create(
        version=version("inkwell/is-it-a-palindrome"), input={"text": "x"})
    page = client.predictions.list()
    same(len(page.results), 100)
    found = list(page)
    same(found[0].id, made.id)
    same(len({one.id for one in found}), len(found), "a prediction comes once")
    assert len(found) > 100
    dates = [one.created_at for one in found]
    same(dates, sorted(dates, reverse=True))


@check("predictions.list (created_after, created_before)")
def predictions_are_listed_between_two_dates():
    everything = list(client.predictions.list())
    first, last = everything[40].created_at, everything[10].created_at
    between = client.predictions.list(
        created_after=first.isoformat(), created_before=last.isoformat())
    # From the first on, and up to the last without it; the client's times have microseconds.
    same([one.id for one in between if first < one.created_at < last],
         [one.id for one in everything if first < one.created_at < last])
    same([one for one in between if one.created_at < first or one.created_at > last], [])


@check("predictions.list (async, pagination)")
async def predictions_are_listed_async():
    found = [one.id async for one in AsyncReplicate().predictions.list()]
    same(found, [one["id"] for one in service.results("/predictions")])


@check("predictions.cancel")
def endless_run_is_cancelled():
    made = client.predictions.create(version=version("demo/endless"), input={"every": 0.1})
    until = time.monotonic() + 20
    while not service.get(f"/predictions/{made.id}").get("logs") and time.monotonic() < until:
        time.sleep(0.05)
    same(client.predictions.cancel(prediction_id=made.id).status, "canceled")
    raw = service.settled(made.id)
    same((raw["status"], bool(raw["logs"])), ("canceled", True))


@check("predictions.create, wait, cancel, get (async)")
async def predictions_run_async():
    other = AsyncReplicate()
    numbers = [13 * n for n in range(2, 12)]
    made = await asyncio.gather(*(
        other.predictions.create(
            version=version("quarry/prime-factors"), input={"number": str(number)}, prefer="wait")
        for number in numbers))
    for number, prediction in zip(numbers, made):
        assert prediction.output.startswith(f"{number} = "), prediction.output
    run = await other.predictions.create(version=version("demo/endless"), input={})
    await other.predictions.cancel(prediction_id=run.id)
    same((await other.predictions.wait(run.id)).status, "canceled")
    same((await other.predictions.get(prediction_id=run.id)).id, run.id)


# run


@check("run (a picture; FileOutput)")
def picture_model_runs():
    output = replicate.run(reference("demo/painter"), input=PICTURE_INPUT)
    same([type(one) for one in output], [FileOutput])
    data = output[0].read()
    png_size(data)
    same(b"".join(output[0]), data)
    (url,) = service.settled(next(iter(client.predictions.list())).id)["output"]
    same(FileOutput(url, client).read(), data, "the file behind the later address")
    same(service.ask(url, token=None).body, data)


@check("run (an official model)")
def text_model_runs():
    text = "".join(replicate.run(STORY, input=STORY_INPUT))
    same("".join(client.run(STORY, input=STORY_INPUT, wait=False)), text)
    assert len(text.split()) > 10


@check("run (wait=False, wait=5)")
def model_runs_by_polling():
    for wait in (False, 5):
        same(client.run(reference("quarry/prime-factors"), input={"number": "360"}, wait=wait),
             "360 = 2³ × 3² × 5")


@check("run (rows of numbers)")
def embedding_model_runs():
    rows = client.run(reference("meridian/sentence-vectors"),
                      input={"texts": ["a boat", "a boat", "tax"], "dimensions": 32})
    same(([len(row) for row in rows], rows[0] == rows[1], rows[0] == rows[2]),
         ([32] * 3, True, False))


@check("run (an object)")
def object_model_runs():
    found = client.run(reference("inkwell/text-statistics"),
                       input={"text": "One two three. Four five."})
    raw = service.settled(next(iter(client.predictions.list())).id)["output"]
    same(found, raw)
    assert 5 in raw.values() and 2 in raw.values(), raw


@check("run (a model that fails)")
def failing_model_raises():
    error = raises(ModelError, client.run, reference("atelier/mural-xl"),
                   input={"prompt": "the sea", "steps": 10})
    same(error.prediction.status, "failed")
    assert "memory" in str(error), error


@check("run (a handle as input, uploaded)")
def handle_is_uploaded():
    before = {file.id for file in client.files.list()}
    text = b"The quick brown fox.\n"
    output = client.run(reference("inkwell/letter-case"), input={"document": io.BytesIO(text)})
    same(output.read(), text.upper())
    (new,) = [file for file in client.files.list() if file.id not in before]
    same(new.checksums.sha256, hashlib.sha256(text).hexdigest())


@check("run (a handle as input, base64)")
def handle_is_inlined():
    output = client.run(
        reference("inkwell/letter-case"),
        input={"document": io.BytesIO(b"the lazy dog\n"), "letters": "title"},
        file_encoding_strategy="base64")
    same(output.read(), b"The Lazy Dog\n")


@check("run (async)")
async def models_run_async():
    output = await AsyncReplicate().run(reference("demo/painter"), input=PICTURE_INPUT)
    png_size(await output[0].read())


# use and stream


@check("use (a picture; a path that is downloaded)")
def picture_model_is_used():
    painter = replicate.use("demo/painter")
    (path,) = painter(**PICTURE_INPUT)
    same(type(path), URLPath)
    size = png_size(Path(path).read_bytes())
    same("Input" in painter.openapi_schema()["components"]["schemas"], True)
    # An output is handed on to the next model by its address.
    print_of_it = replicate.use("darkroom/monochrome")(image=path)
    same(png_size(Path(print_of_it).read_bytes()), size)


@check("use (an official model: without versions)")
def official_model_is_used():
    text = replicate.use(STORY)(**STORY_INPUT)
    same(text, "".join(client.run(STORY, input=STORY_INPUT)))


@check("use (owner/name:version)")
def version_is_used():
    same(replicate.use(reference("quarry/prime-factors"))(number="360"), "360 = 2³ × 3² × 5")


@check("use (streaming=True)")
def model_is_used_piece_by_piece():
    pieces = list(replicate.use(STORY, streaming=True)(**STORY_INPUT))
    same("".join(pieces), "".join(client.run(STORY, input=STORY_INPUT)))


@check("use (create, logs, output)")
def run_is_followed():
    run = replicate.use("demo/painter").create(**PICTURE_INPUT)
    (path,) = run.output()
    png_size(Path(path).read_bytes())
    assert "3/3" in run.logs(), run.logs()


@check("use (a model that fails)")
def failing_model_is_used():
    error = raises(ModelError, replicate.use("atelier/mural-xl"), prompt="the sea", steps=10)
    assert "memory" in str(error), error


@check("use (use_async=True)")
async def models_are_used_async():
    same(await replicate.use("quarry/prime-factors", use_async=True)(number="360"),
         "360 = 2³ × 3² × 5")
    pieces = await replicate.use(STORY, use_async=True, streaming=True)(**STORY_INPUT)
    same("".join([piece async for piece in pieces]),
         "".join(client.run(STORY, input=STORY_INPUT)))


@check("stream")
def text_is_streamed():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        for stream in (replicate.stream, client.stream):
            same("".join(stream(STORY, input=STORY_INPUT)),
                 "".join(client.run(STORY, input=STORY_INPUT)))


# Files


@check("files.create (content, filename, type, metadata)")
def file_is_uploaded():
    data = os.urandom(5000)
    file = strict().files.create(
        content=io.BytesIO(data), filename="noise.bin", type="application/x-noise",
        metadata={"order": "12"})
    raw = service.get(f"/files/{file.id}")
    is_as_sent(file, raw)
    same((file.content_type, file.size, file.metadata, raw["name"]),
         ("application/x-noise", 5000, {"order": "12"}, "noise.bin"))
    same(file.checksums.sha256, hashlib.sha256(data).hexdigest())
    same(file.urls.get, f"{service.url}/files/{file.id}")


@check("files.create (name, content and type in one)")
def file_is_uploaded_as_a_tuple():
    file = client.files.create(content=("a.txt", b"hello\n", "text/plain"))
    raw = service.get(f"/files/{file.id}")
    same((raw["name"], file.content_type, file.size), ("a.txt", "text/plain", 6))


@check("files.get")
def file_is_told():
    made = client.files.create(content=b"abc")
    same(strict().files.get(file_id=made.id).to_dict(), made.to_dict())


@check("files.list")
def files_are_listed():
    made = client.files.create(content=b"listed")
    listed = {file.id: file for file in strict().files.list()}
    same(listed[made.id].to_dict(), made.to_dict())


@check("files.download")
def file_is_downloaded():
    made = client.files.create(content=b"\x00down\xff", filename="a.bin")
    expiry = int(time.time()) + 3600

    def download(**other: Any) -> Any:
        call = {
            "file_id": made.id, "owner": ME, "expiry": expiry,
            "signature": file_signature(ME, made.id, expiry),
        }
        return client.files.download(**call | other)

    answer = download()
    same((answer.read(), answer.headers["content-type"]),
         (b"\x00down\xff", "application/octet-stream"))
    raises(replicate.NotFoundError, download, signature=base64.b64encode(b"\x01" * 32).decode())
    raises(replicate.NotFoundError, download, expiry=expiry + 1)
    raises(replicate.NotFoundError, download, owner="nobody")
    raises(replicate.NotFoundError, download, expiry=1700000000,
           signature=file_signature(ME, made.id, 1700000000))


@check("files.delete")
def file_is_deleted():
    made = client.files.create(content=b"gone")
    same(client.files.delete(file_id=made.id), None)
    error = raises(replicate.NotFoundError, client.files.get, file_id=made.id)
    same(error.body["detail"], "File not found")


@check("files.create, get, list, delete (async)")
async def files_are_kept_async():
    other = AsyncReplicate()
    made = await other.files.create(content=b"abc", filename="a.bin")
    same((await other.files.get(file_id=made.id)).size, 3)
    assert made.id in [file.id async for file in other.files.list()]
    await other.files.delete(file_id=made.id)
    same(service.ask(f"/files/{made.id}").status, 404)


# Trainings


def start_training() -> Any:
    return strict().trainings.create(
        model_owner="demo", model_name="painter", version_id=version("demo/painter"),
        destination=f"{ME}/{MINE}", input={"steps": 5})


@check("trainings.create, get")
def training_makes_a_version():
    made = start_training()
    assert made.status in ("starting", "processing"), made.status
    raw = service.settled(made.id, "trainings")
    training = strict().trainings.get(training_id=made.id)
    is_as_sent(training, raw)
    same((training.status, training.input), ("succeeded", {"steps": 5}))
    name, trained = training.output.version.split(":")
    same(name, f"{ME}/{MINE}")
    same(client.models.get(model_owner=ME, model_name=MINE).latest_version.id, trained)
    assert training.output.weights
    png_size(client.run(f"{name}:{trained}", input=PICTURE_INPUT)[0].read())


@check("trainings.list")
def trainings_are_listed_newest_first():
    made = start_training()
    found = [one.id for one in strict().trainings.list()]
    same(found, [one["id"] for one in service.results("/trainings")])
    same(found[0], made.id)


@check("trainings.cancel")
def training_is_cancelled():
    made = start_training()
    same(strict().trainings.cancel(training_id=made.id).status, "canceled")
    same(service.get(f"/trainings/{made.id}")["status"], "canceled")


@check("trainings.create (no such destination)")
def training_needs_a_destination():
    error = raises(
        replicate.NotFoundError, client.trainings.create, model_owner="demo",
        model_name="painter", version_id=version("demo/painter"), input={},
        destination=f"{ME}/no-such-model")
    same(error.body["detail"], "The specified training destination does not exist")


@check("trainings.create, get, list, cancel (async)")
async def trainings_run_async():
    other = AsyncReplicate()
    made = await other.trainings.create(
        model_owner="demo", model_name="painter", version_id=version("demo/painter"),
        destination=f"{ME}/{MINE}", input={})
    same((await other.trainings.get(training_id=made.id)).id, made.id)
    assert made.id in [one.id async for one in other.trainings.list()]
    same((await other.trainings.cancel(training_id=made.id)).status, "canceled")


# What was trained can be taken down again, and then the model.


@check("models.versions.delete")
def versions_are_deleted():
    service.settle_trainings()
    listed = list(client.models.versions.list(model_owner=ME, model_name=MINE))
    assert listed
    for one in listed:
        answer = client.models.versions.with_raw_response.delete(
            model_owner=ME, model_name=MINE, version_id=one.id)
        same((answer.status_code, answer.read()), (202, b""))
    same(list(client.models.versions.list(model_owner=ME, model_name=MINE)), [])


@check("models.delete")
def model_is_deleted():
    same(client.models.delete(model_owner=ME, model_name=MINE), None)
    raises(replicate.NotFoundError, client.models.get, model_owner=ME, model_name=MINE)


@check("models.create, delete (async)")
async def models_are_kept_async():
    other = AsyncReplicate()
    await other.models.create(owner=ME, name=MINE, visibility="private", hardware="cpu")
    await other.models.delete(model_owner=ME, model_name=MINE)
    same(service.ask(f"/models/{ME}/{MINE}").status, 404)


# Deployments


def create_deployment(name: str) -> dict[str, Any]:
    return {
        "name": name, "model": "inkwell/is-it-a-palindrome",
        "version": version("inkwell/is-it-a-palindrome"), "hardware": "cpu",
        "min_instances": 0, "max_instances": 2,
    }


@check("deployments.create")
def deployment_is_created():
    deployment = strict().deployments.create(**create_deployment(MINE))
    release = deployment.current_release
    same((deployment.owner, deployment.name, release.number, release.model),
         (ME, MINE, 1, "inkwell/is-it-a-palindrome"))
    same(release.configuration.to_dict(),
         {"hardware": "cpu", "min_instances": 0, "max_instances": 2})
    is_as_sent(deployment, service.get(f"/deployments/{ME}/{MINE}"))


@check("deployments.get")
def deployment_is_told():
    found = strict().deployments.get(deployment_owner=ME, deployment_name=MINE)
    same(found.current_release.created_by.username, ME)


@check("deployments.list")
def deployments_are_listed():
    found = names(strict().deployments.list())
    same(found, raw_names(service.results("/deployments")))
    assert f"{ME}/{MINE}" in found


@check("deployments.update")
def deployment_is_updated():
    updated = strict().deployments.update(
        deployment_owner=ME, deployment_name=MINE, hardware="gpu-t4", max_instances=3)
    same((updated.current_release.number, updated.current_release.configuration.to_dict()),
         (2, {"hardware": "gpu-t4", "min_instances": 0, "max_instances": 3}))


@check("deployments.predictions.create")
def deployment_runs():
    prediction = client.deployments.predictions.create(
        deployment_owner=ME, deployment_name=MINE, input={"text": "noon"}, prefer="wait")
    same(prediction.output, True)
    same(client.predictions.get(prediction_id=prediction.id).deployment, f"{ME}/{MINE}")


@check("deployments.create, get, list, update, predictions.create (async)")
async def deployments_are_kept_async():
    other = AsyncReplicate()
    name = f"{MINE}-async"
    await other.deployments.create(**create_deployment(name))
    assert name in [one.name async for one in other.deployments.list()]
    run = await other.deployments.predictions.create(
        deployment_owner=ME, deployment_name=name, input={"text": "wow"}, prefer="wait")
    same(run.output, True)
    updated = await other.deployments.update(
        deployment_owner=ME, deployment_name=name, max_instances=5)
    found = await other.deployments.get(deployment_owner=ME, deployment_name=name)
    same(found.to_dict(), updated.to_dict())


@check("deployments.delete")
def deployment_is_deleted():
    name = f"{MINE}-unused"
    client.deployments.create(**create_deployment(name))
    same(client.deployments.delete(deployment_owner=ME, deployment_name=name), None)
    raises(replicate.NotFoundError, client.deployments.get,
           deployment_owner=ME, deployment_name=name)


@check("deployments.delete (one that has just run stays)")
def deployment_in_use_is_not_deleted():
    error = raises(replicate.APIStatusError, client.deployments.delete,
                   deployment_owner=ME, deployment_name=MINE)
    assert 400 <= error.status_code < 500 and error.body["detail"], error
    same(client.deployments.get(deployment_owner=ME, deployment_name=MINE).name, MINE)


# Webhooks


@check("webhooks.default.secret.get")
def webhook_secret_is_told():
    secret = strict().webhooks.default.secret.get()
    assert secret.key.startswith("whsec_")
    assert len(base64.b64decode(secret.key.removeprefix("whsec_"), validate=True)) >= 24


@check("webhooks (what is delivered)")
def webhook_is_delivered():
    mailbox = Mailbox()
    prediction = client.predictions.create(
        version=version("quarry/prime-factors"), input={"number": "360"}, webhook=mailbox.url,
        webhook_events_filter=["completed"])
    mailbox.wait_for("succeeded")
    mailbox.shutdown()
    ((headers, body),) = mailbox.letters
    sent = replicate.types.Prediction.model_validate_json(body)
    same((sent.id, sent.output, sent.urls.get),
         (prediction.id, "360 = 2³ × 3² × 5", prediction.urls.get))
    assert {"webhook-id", "webhook-timestamp", "webhook-signature"} <= {
        name.lower() for name in headers}


# Errors


@check("error 401 (a bad token)")
def bad_token_is_refused():
    error = raises(replicate.AuthenticationError,
                   Replicate(bearer_token=BAD_TOKEN, max_retries=0).account.get)
    same(error.body, {"title": "Unauthenticated", "status": 401,
                      "detail": "You did not pass a valid authentication token"})
    same(error.response.headers["content-type"], "application/problem+json")


@check("error 401 (no token)")
def missing_token_is_refused():
    error = raises(replicate.AuthenticationError, client.account.get,
                   extra_headers={"Authorization": Omit()})
    same(error.body, {"title": "Unauthenticated", "status": 401,
                      "detail": "You did not pass an authentication token"})


@check("error 402")
def poor_account_runs_nothing():
    poor = Replicate(bearer_token=POOR_TOKEN)
    error = raises(replicate.APIStatusError, poor.predictions.create,
                   version=version("inkwell/is-it-a-palindrome"), input={"text": "x"})
    same((error.status_code, error.body["title"]), (402, "Insufficient credit"))
    same(poor.account.get().username, ME)


@check("error 404")
def what_is_not_there_is_not_found():
    for call in (
        lambda: client.models.get(model_owner="nobody", model_name="nothing"),
        lambda: client.predictions.get(prediction_id="nosuchprediction"),
        lambda: client.predictions.cancel(prediction_id="nosuchprediction"),
        lambda: client.trainings.get(training_id="nosuchtraining"),
        lambda: client.trainings.cancel(training_id="nosuchtraining"),
        lambda: client.deployments.get(deployment_owner=ME, deployment_name="nothing"),
        lambda: client.collections.get(collection_slug="no-such-collection"),
        lambda: client.models.versions.get(
            model_owner="demo", model_name="painter", version_id="0" * 64),
        lambda: client.models.examples.list(model_owner="demo", model_name="nothing"),
    ):
        error = raises(replicate.NotFoundError, call)
        assert error.body["detail"]


@check("error 422 (fields)")
def bad_inputs_are_named():
    error = raises(
        replicate.UnprocessableEntityError, client.predictions.create,
        version=version("demo/painter"), input={"steps": 1000, "num_outputs": "two"})
    same(error.body["title"], "Input validation failed")
    found = {(one["type"], one["field"], one["description"])
             for one in error.body["invalid_fields"]}
    same(found, {
        ("number_lte", "input.steps", "Must be less than or equal to 100"),
        ("invalid_type", "input.num_outputs", "Invalid type. Expected: integer, given: string"),
    })
    same(error.response.headers["content-type"], "application/problem+json")


@check("error 422 (a member that the API hasn't got)")
def unknown_members_are_named():
    error = raises(
        replicate.UnprocessableEntityError, client.predictions.create,
        version=version("inkwell/is-it-a-palindrome"), input={"text": "x"},
        extra_body={"model": "demo/painter"})
    same(error.body["invalid_fields"], [{
        "type": "additional_property_not_allowed", "field": "",
        "description": "Additional property model is not allowed"}])


@check("error 422 (bad version)")
def bad_version_is_refused():
    error = raises(replicate.UnprocessableEntityError, client.predictions.create,
                   version="0" * 64, input={})
    same(error.body["title"], "Invalid version or not permitted")


suite.absent("webhooks.validate", lambda: hasattr(client.webhooks, "validate"))
suite.absent("prediction.reload", lambda: hasattr(replicate.types.Prediction, "reload"))
suite.absent("prediction.stream", lambda: hasattr(replicate.types.Prediction, "stream"))

finish(suite, table)
