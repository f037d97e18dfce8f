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


REPORT = {"type": "function", "name": "weather", "strict": False,
          "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}


def ask(text, **more):
    return client.chat.completions.with_raw_response.create(
        model="m", temperature=0, messages=[{"role": "user", "content": text}], **more
    )


def respond(text, **more):
    return client.responses.with_raw_response.create(model="m", temperature=0, input=text, **more)


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


def test_several_choices_and_probabilities():
    for make in (lambda: ask("several", n=2).parse(), lambda: ask("several", n=2).parse(),
                 lambda: streamed("several", n=2)):
        expect("choices", [choice.index for choice in make().choices], [0, 1])
    for make in (lambda: ask("probabilities", logprobs=True).parse(),
                 lambda: streamed("probabilities", logprobs=True)):
        tokens = make().choices[0].logprobs.content
        expect("probabilities", [token.logprob for token in tokens], [-0.1, -0.2])


def test_responses_not_streamed():
    first, second = respond("Why?"), respond("Why?")
    expect("cache", (cache(first), cache(second)), ("miss", "hit-exact"))
    expect("the stored response", second.parse(), first.parse())
    expect("text", second.parse().output_text.startswith("Answer number"), True)
    expect("usage", second.parse().usage.total_tokens, 13)
    one, two = (respond("Why?", store=False).parse() for _ in range(2))
    expect("output", two.output, one.output)
    expect("identifiers differ", one.id == two.id, False)


def test_responses_streamed():
    runs = []
    for _ in range(2):
        with client.responses.stream(model="m", temperature=0, input="think aloud") as stream:
            types = [event.type for event in stream]
            runs.append((types, stream.get_final_response()))
    expect("events", runs[1][0], runs[0][0])
    expect("response", runs[1][1], runs[0][1])
    expect("text", runs[1][1].output_text, "Four.")
    expect("reasoning", [part.text for part in runs[1][1].output[0].summary], ["Two and two", "are four"])
    whole = respond("think aloud")
    expect("cache", cache(whole), "hit-exact")
    expect("output", whole.parse().output_text, "Four.")
    whole = respond("Not streamed first")
    deltas = [event.delta for event in client.responses.create(
        model="m", temperature=0, input="Not streamed first", stream=True)
        if event.type == "response.output_text.delta"]
    expect("deltas", "".join(deltas), whole.parse().output_text)
    expect("more than one delta", len(deltas) > 1, True)


def test_responses_tools():
    def with_stream():
        with client.responses.stream(model="m", temperature=0, input="tools", tools=[REPORT]) as stream:
            return stream.get_final_response()

    answers = [with_stream(), with_stream(), respond("tools", tools=[REPORT]).parse()]
    for answer in answers:
        call = answer.output[0]
        expect("call", (call.type, call.call_id, call.name, json.loads(call.arguments)),
               ("function_call", "call_1", "weather", {"city": "Paris, France"}))
    history = [{"role": "user", "content": "tools"}, *[item.to_dict() for item in answers[-1].output],
               {"type": "function_call_output", "call_id": "call_1", "output": "sunny"}]
    for expected in ("miss", "hit-exact"):
        expect("cache", cache(respond(history, tools=[REPORT])), expected)
    custom = respond("custom", tools=[{"type": "custom", "name": "reckon"}])
    again = respond("custom", tools=[{"type": "custom", "name": "reckon"}])
    expect("custom tool", (cache(again), again.parse().output[0].input), ("hit-exact", "two plus two"))
    expect("custom tool", again.parse().output, custom.parse().output)


def test_responses_structured_output():
    from pydantic import BaseModel

    class Place(BaseModel):
        city: str
        people: int

    for _ in range(2):
        parsed = client.responses.parse(model="m", temperature=0, input="json", text_format=Place)
        expect("parsed", parsed.output_parsed, Place(city="Paris", people=2))
    with client.responses.stream(model="m", temperature=0, input="json", text_format=Place) as stream:
        expect("parsed", stream.get_final_response().output_parsed, Place(city="Paris", people=2))


def test_responses_state_and_errors():
    for expected in ("miss", "hit-exact"):
        follow_up = respond("And then?", previous_response_id="resp_up1")
        expect("cache", cache(follow_up), expected)
    search = respond("search", tools=[{"type": "web_search"}])
    expect("cache", cache(search), "bypass")
    for more in ({}, {"stream": True}):
        try:
            respond("error", **more)
            sys.exit("a 429 was expected")
        except openai.RateLimitError as e:
            expect("code", (e.code, e.response.headers["retry-after-ms"]), ("rate_limit_exceeded", "7"))
    try:
        respond("Never asked", extra_headers={"Cache-Control": "only-if-cached"})
        sys.exit("a 504 was expected")
    except openai.APIStatusError as e:
        expect("status and code", (e.status_code, e.code), (504, "not_cached"))


def test_responses_abort():
    stream = client.responses.create(model="m", temperature=0, stream=True, input="endless")
    next(iter(stream))
    stream.close()


def test_responses_crowd():
    with ThreadPoolExecutor(100) as pool:
        answers = list(pool.map(lambda i: respond("crowd").parse().output_text, range(100)))
    expect("different answers", len(set(answers)), 1)


for name, test in list(globals().items()):
    if name.startswith("test_"):
        test()
        print("ok", name, flush=True)
