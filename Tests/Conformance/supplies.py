"""Things of the service that exist, for the cases that schemathesis makes."""

import itertools
import threading
import time
from typing import Any

from harness import file_signature, Service

PAINTER = "demo/painter"
WORD = "inkwell/is-it-a-palindrome"
OFFICIAL = "lumen-lab/eliza-1966"
OWN = "conformance-own"
WEB_ADDRESSES = ("webhook", "github_url", "paper_url", "license_url", "weights_url",
                 "cover_image_url")

PREDICTION = {"input", "stream", "webhook", "webhook_events_filter"}
# What a body may have, of the operations that take an object.
MEMBERS = {
    "POST /predictions": PREDICTION | {"version"},
    "POST /models/{model_owner}/{model_name}/predictions": PREDICTION,
    "POST /deployments/{deployment_owner}/{deployment_name}/predictions": PREDICTION,
    "POST /models/{model_owner}/{model_name}/versions/{version_id}/trainings": {
        "destination", "input", "webhook", "webhook_events_filter"},
    "POST /deployments": {
        "name", "model", "version", "hardware", "min_instances", "max_instances"},
    "PATCH /deployments/{deployment_owner}/{deployment_name}": {
        "version", "hardware", "min_instances", "max_instances"},
    "POST /models": {
        "owner", "name", "visibility", "hardware", "description", "github_url", "paper_url",
        "license_url", "cover_image_url"},
    "PATCH /models/{model_owner}/{model_name}": {
        "description", "readme", "github_url", "paper_url", "weights_url", "license_url"},
}


class Supplies:
    bodies = frozenset(MEMBERS)

    def __init__(self, url: str):
        self.service = Service(url)
        self.lock = threading.Lock()
        self.numbers = itertools.count(1)
        self.me = self.service.get("/account")["username"]
        self.slugs = [one["slug"] for one in self.service.results("/collections")]
        self.versions = {
            name: [one["id"] for one in self.service.results(f"/models/{name}/versions")]
            for name in (PAINTER, WORD, "quarry/pi")
        }
        self.create_model(OWN)
        self.training = self.train(OWN)
        self.service.settled(self.training, "trainings")
        self.create_deployment("conformance")
        self.file = self.upload()
        self.predictions = [self.predict(text) for text in ("noon", "no")]
        for prediction in self.predictions:
            self.service.settled(prediction)
        self.endless = self.service.get("/models/demo/endless")["latest_version"]["id"]

    # What is there, or is made for one case.

    def post(self, path: str, body: Any, method: str = "POST") -> Any:
        answer = self.service.ask(path, method, body)
        assert answer.status < 300, f"{method} {path}: {answer.status} {answer.body[:300]!r}"
        return answer.json() if answer.body else None

    def number(self) -> int:
        with self.lock:
            return next(self.numbers)

    def create_model(self, name: str) -> str:
        self.post("/models", {
            "owner": self.me, "name": name, "visibility": "private", "hardware": "cpu"})
        return name

    def train(self, name: str) -> str:
        version = self.versions[PAINTER][0]
        return self.post(f"/models/{PAINTER}/versions/{version}/trainings", {
            "destination": f"{self.me}/{name}", "input": {}})["id"]

    def trained(self) -> tuple[str, str]:
        """A model of the account's own, and its one version."""
        name = self.create_model(f"conformance-trained-{self.number()}")
        training = self.service.settled(self.train(name), "trainings")
        return name, training["output"]["version"].split(":")[1]

    def create_deployment(self, name: str) -> str:
        self.post("/deployments", {
            "name": name, "model": WORD, "version": self.versions[WORD][0], "hardware": "cpu",
            "min_instances": 0, "max_instances": 1})
        return name

    def upload(self) -> str:
        boundary = "conformance"
        body = (f'--{boundary}\r\nContent-Disposition: form-data; name="content"; '
                f'filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nhello\r\n--{boundary}--\r\n')
        request = self.service.ask(
            "/files", "POST", data=body.encode(),
            headers={"Content-Type": f"multipart/form-data; boundary={boundary}"})
        assert request.status == 201, request.body
        return request.json()["id"]

    def predict(self, text: str) -> str:
        return self.post("/predictions", {
            "version": self.versions[WORD][0], "input": {"text": text}})["id"]

    def run_endless(self) -> str:
        return self.post("/predictions", {"version": self.endless, "input": {}})["id"]

    # What a case gets.

    def path(self, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        """Path parameters of something that exists; a fresh one where it is going to be ended."""
        number = self.number()
        method, path = operation.split(" ")
        ends = method == "DELETE" or path.endswith("/cancel")
        if "prediction_id" in parameters:
            one = self.run_endless() if ends else self.predictions[number % 2]
            return parameters | {"prediction_id": one}
        if "training_id" in parameters:
            return parameters | {"training_id": self.train(OWN) if ends else self.training}
        if "file_id" in parameters:
            return parameters | {"file_id": self.upload() if ends else self.file}
        if "collection_slug" in parameters:
            return parameters | {"collection_slug": self.slugs[number % len(self.slugs)]}
        if "deployment_name" in parameters:
            name = self.create_deployment(f"conformance-{number}") if ends else "conformance"
            return parameters | {"deployment_owner": self.me, "deployment_name": name}
        owner, name = (PAINTER, WORD, "quarry/pi")[number % 3].split("/")
        if "version_id" in parameters:
            if ends:
                name, version = self.trained()
                return parameters | {
                    "model_owner": self.me, "model_name": name, "version_id": version}
            versions = self.versions[f"{owner}/{name}"]
            parameters = parameters | {"version_id": versions[number % len(versions)]}
        elif path.endswith("/predictions"):
            owner, name = OFFICIAL.split("/")
        elif ends:
            owner, name = self.me, self.create_model(f"conformance-{number}")
        elif method == "PATCH":
            owner, name = self.me, OWN
        return parameters | {"model_owner": owner, "model_name": name}

    def body(
        self, operation: str, body: dict[str, Any], path: dict[str, Any] | None
    ) -> dict[str, Any]:
        """A body that names what exists, and is otherwise as it was made."""
        number = self.number()
        body = {name: value for name, value in body.items() if name in MEMBERS[operation]}
        for name in WEB_ADDRESSES:
            if name in body:
                body[name] = f"https://example.com/{name}"
        if operation == "POST /predictions":
            version = self.versions[WORD][0]
            return body | {
                "version": (version, f"{WORD}:{version}")[number % 2], "input": {"text": "noon"}}
        if operation == "POST /models/{model_owner}/{model_name}/predictions":
            return body | {"input": {"prompt": "I feel fine"}}
        if operation == "POST /deployments/{deployment_owner}/{deployment_name}/predictions":
            return body | {"input": {"text": "level"}}
        if operation.endswith("/trainings"):
            return body | {"destination": f"{self.me}/{OWN}", "input": {}}
        if operation == "POST /deployments":
            least = body["min_instances"]
            return body | {
                "name": f"conformance-made-{number}", "model": WORD, "hardware": "cpu",
                "version": self.versions[WORD][0],
                "max_instances": max(least, body["max_instances"], 1)}
        if operation == "POST /models":
            return body | {
                "owner": self.me, "name": f"conformance-made-{number}", "hardware": "cpu"}
        if operation.startswith("PATCH /deployments"):
            if "version" in body:
                body["version"] = self.versions[WORD][0]
            if "hardware" in body:
                body["hardware"] = "gpu-t4"
            if "min_instances" in body:
                body["max_instances"] = max(body["min_instances"], 5)
            return body or {"hardware": "cpu"}
        if operation.startswith("PATCH /models"):
            return body or {"description": "Changed"}
        return body

    def query(
        self, operation: str, query: dict[str, Any], path: dict[str, Any] | None
    ) -> dict[str, Any]:
        """A query that is signed, or asks for something, and is otherwise as it was made."""
        if operation == "GET /search" and not query.get("query"):
            return query | {"query": "story"}
        if operation == "GET /files/{file_id}/download" and path:
            expiry = int(time.time()) + 600
            signature = file_signature(self.me, path["file_id"], expiry)
            return query | {"owner": self.me, "expiry": expiry, "signature": signature}
        return query
