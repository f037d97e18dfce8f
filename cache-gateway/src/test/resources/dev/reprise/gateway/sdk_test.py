"""Drives a gateway with the official SDK; its arguments are the gateway's base URL. It says what failed and exits with 1."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

import openai

BASE = sys.argv[1]
client = openai.OpenAI(base_url=BASE, api_key="sk-python", max_retries=0, timeout=30)
WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}


def ask(text, **more):
    return client.chat.completions.with_raw_response.create(
        model="m", temperature=0, messages=[{"role": "user", "content": text}], **more
    )


def cache(raw):
    return raw.headers["x-reprise-cache"]


def expect(what, actual, expected):
    if actual != expected:
        sys.exit(f"{what}: expected {expected!r}, got {actual!r}")


def streamed(text, **more):
    with client.chat.completions.stream(
        model="m", temperature=0, messages=[{"role": "user", "content": text}], **more
    ) as stream:
        for _ in stream:
            pass
        return stream.get_final_completion()


def test_not_streamed():
    first, second = ask("Why?"), ask("Why?")
    expect("cache", (cache(first), cache(second)), ("miss", "hit-exact"))
    one, two = first.parse(), second.parse()
    expect("message", two.choices[0].message, one.choices[0].message)
    expect("usage", two.usage, one.usage)
    expect("usage", two.usage.total_tokens, 13)
    expect("identifiers differ", one.id == two.id, False)


def test_streamed():
    for _ in range(2):
        final = streamed("Stream, please", stream_options={"include_usage": True})
        expect("content", final.choices[0].message.content.startswith("Answer number"), True)
        expect("finish", final.choices[0].finish_reason, "stop")
        expect("usage", final.usage.total_tokens, 13)
    whole = ask("Stream, please")
    expect("cache", cache(whole), "hit-exact")
    expect("content", whole.parse().choices[0].message.content, final.choices[0].message.content)


def test_tools():
    calls = []
    for make in (
        lambda: ask("tools", tools=[WEATHER]).parse(),
        lambda: ask("tools", tools=[WEATHER]).parse(),
        lambda: streamed("tools", tools=[WEATHER]),
    ):
        choice = make().choices[0]
        expect("finish", choice.finish_reason, "tool_calls")
        call = choice.message.tool_calls[0]
        calls.append((call.id, call.type, call.function.name, json.loads(call.function.arguments)))
    expect("calls", calls, [("call_1", "function", "weather", {"city": "Paris, France"})] * 3)
    follow_up = client.chat.completions.with_raw_response.create(
        model="m",
        temperature=0,
        tools=[WEATHER],
        messages=[
            {"role": "user", "content": "tools"},
            {"role": "assistant", "tool_calls": [{"id": "call_1", "type": "function",
             "function": {"name": "weather", "arguments": "{}"}}]},
            {"role": "tool", "tool_call_id": "call_1", "content": "sunny"},
        ],
    )
    expect("cache", cache(follow_up), "miss")


def test_structured_output():
    from pydantic import BaseModel

    class Place(BaseModel):
        city: str
        people: int

    for _ in range(2):
        parsed = client.chat.completions.parse(
            model="m", temperature=0, response_format=Place,
            messages=[{"role": "user", "content": "json"}],
        ).choices[0].message.parsed
        expect("parsed", parsed, Place(city="Paris", people=2))
    expect("parsed", streamed("json", response_format=Place).choices[0].message.parsed, parsed)


def test_embeddings():
    for _ in range(2):
        made = client.embeddings.create(
            model="e", input=["a", "bbb"], encoding_format="float"
        )
        expect("embeddings", [item.embedding for item in made.data], [[1, 0.5], [3, 0.5]])


def test_errors():
    try:
        ask("error")
        sys.exit("a 429 was expected")
    except openai.RateLimitError as e:
        expect("code", e.code, "rate_limit_exceeded")
    try:
        ask("Never asked", extra_headers={"Cache-Control": "only-if-cached"})
        sys.exit("a 504 was expected")
    except openai.APIStatusError as e:
        expect("status and code", (e.status_code, e.code), (504, "not_cached"))


def test_abort():
    stream = client.chat.completions.create(
        model="m", temperature=0, stream=True, messages=[{"role": "user", "content": "endless"}]
    )
    next(iter(stream))
    stream.close()


def test_crowd():
    with ThreadPoolExecutor(100) as pool:
        answers = list(pool.map(lambda i: ask("crowd").parse().choices[0].message.content, range(100)))
    expect("different answers", len(set(answers)), 1)


for name, test in list(globals().items()):
    if name.startswith("test_"):
        test()
        print("ok", name, flush=True)
