"""Asks by each Python client with its defaults, and prints what the client shows, a line of JSON for each case.

Each case asks the provider itself once, then the gateway twice; the provider tells how often it was called.

usage: clients.py PROVIDER GATEWAY [CLIENT or !CLIENT for all others]
"""

import asyncio
import importlib.metadata
import json
import os
import sys
import traceback
import urllib.request

QUESTION = "What is the capital of France?"
os.environ |= {"OPENAI_API_KEY": "sk-client", "ANTHROPIC_API_KEY": "sk-client", "GEMINI_API_KEY": "sk-client", "DO_NOT_TRACK": "1"}
os.environ |= {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "OPENAI_AGENTS_DISABLE_TRACING": "1", "LANGSMITH_TRACING": "false"}
CASES = []
OF_ONE_CALL = {"id", "created", "created_at", "response_id", "responseId", "_request_id", "run_id", "completed_at"}
# The Responses API says at which temperature it was asked, which the gateway sets.
OF_ONE_CALL.add("temperature")


def use(base):
    """Points the clients to an address."""
    global BASE
    BASE = base
    os.environ |= {"OPENAI_BASE_URL": base + "/v1", "OPENAI_API_BASE": base + "/v1"}


def case(client, package, call, streamed="no", actions=0):
    """Adds a case. In a tool loop, so many calls are actions: the model chooses a tool, which is not cached."""

    def add(function):
        CASES.append((client, package, call, streamed, actions, function))
        return function

    return add


def ask(client, call):
    ask.marker = f"{client} {call}"
    return f"<{ask.marker}> {QUESTION}"


def plain(value):
    """Returns what a value shows, without what differs from call to call."""
    if hasattr(value, "model_dump"):
        value = value.model_dump(mode="json")
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items() if name not in OF_ONE_CALL}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def city():
    from pydantic import BaseModel

    class City(BaseModel):
        name: str
        people: int

    return City


# --- openai-python ------------------------------------------------------------------------------


def openai_client():
    from openai import OpenAI

    return OpenAI()


def messages(client, call):
    return [{"role": "user", "content": ask(client, call)}]


@case("openai-python", "openai", "chat")
def _(client, call):
    return openai_client().chat.completions.create(model="gpt-4o-mini", messages=messages(client, call))


@case("openai-python", "openai", "chat stream", "yes")
def _(client, call):
    chunks = openai_client().chat.completions.create(model="gpt-4o-mini", messages=messages(client, call), stream=True)
    return "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)


@case("openai-python", "openai", "chat gpt-5")
def _(client, call):
    return openai_client().chat.completions.create(model="gpt-5-mini", messages=messages(client, call))


@case("openai-python", "openai", "chat parse")
def _(client, call):
    completion = openai_client().chat.completions.parse(
        model="gpt-4o-mini", messages=messages(client, call), response_format=city()
    )
    return completion.choices[0].message.parsed


@case("openai-python", "openai", "responses")
def _(client, call):
    return openai_client().responses.create(model="gpt-4o-mini", input=ask(client, call))


@case("openai-python", "openai", "responses stream", "yes")
def _(client, call):
    stream = openai_client().responses.create(model="gpt-4o-mini", input=ask(client, call), stream=True)
    events = list(stream)
    text = "".join(event.delta for event in events if event.type == "response.output_text.delta")
    return [text, events[-1].type, events[-1].response.output[0].content[0].text]


@case("openai-python", "openai", "responses parse")
def _(client, call):
    return openai_client().responses.parse(model="gpt-4o-mini", input=ask(client, call), text_format=city()).output_parsed


@case("openai-python", "openai", "completions")
def _(client, call):
    return openai_client().completions.create(model="gpt-3.5-turbo-instruct", prompt=ask(client, call))


@case("openai-python", "openai", "embeddings")
def _(client, call):
    return openai_client().embeddings.create(model="text-embedding-3-small", input=ask(client, call)).data


@case("openai-python", "openai", "azure chat")
def _(client, call):
    from openai import AzureOpenAI

    azure = AzureOpenAI(azure_endpoint=BASE, api_version="2024-10-21", api_key="sk-client")
    return azure.chat.completions.create(model="gpt-4o-mini", messages=messages(client, call))


@case("openai-python", "openai", "azure chat stream", "yes")
def _(client, call):
    from openai import AzureOpenAI

    azure = AzureOpenAI(azure_endpoint=BASE, api_version="2024-10-21", api_key="sk-client")
    chunks = azure.chat.completions.create(model="gpt-4o-mini", messages=messages(client, call), stream=True)
    return "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)


@case("openai-python", "openai", "gemini path chat")
def _(client, call):
    from openai import OpenAI

    google = OpenAI(base_url=BASE + "/v1beta/openai/")
    return google.chat.completions.create(model="gemini-2.5-flash", messages=messages(client, call))


def weather():
    """Says what a tool is that the model may choose to call."""
    properties = {"city": {"type": "string"}}
    function = {"name": "weather", "parameters": {"type": "object", "properties": properties, "required": ["city"]}}
    return {"type": "function", "function": function}


@case("openai-python", "openai", "tool loop", actions=1)
def _(client, call):
    sdk, said = openai_client(), messages(client, call)
    asked = {"model": "gpt-4o-mini", "tools": [weather()]}
    first = sdk.chat.completions.create(messages=said, **asked).choices[0].message
    said += [first, {"role": "tool", "tool_call_id": first.tool_calls[0].id, "content": "sunny"}]
    return [first.tool_calls, sdk.chat.completions.create(messages=said, **asked)]


@case("openai-python", "openai", "async chat")
def _(client, call):
    from openai import AsyncOpenAI

    async def run():
        return await AsyncOpenAI().chat.completions.create(model="gpt-4o-mini", messages=messages(client, call))

    return asyncio.run(run())


@case("openai-python", "openai", "async chat stream", "yes")
def _(client, call):
    from openai import AsyncOpenAI

    async def run():
        stream = await AsyncOpenAI().chat.completions.create(model="gpt-4o-mini", messages=messages(client, call), stream=True)
        return "".join([choice.delta.content or "" async for chunk in stream for choice in chunk.choices])

    return asyncio.run(run())


# --- frameworks ---------------------------------------------------------------------------------


@case("langchain-openai", "langchain-openai", "invoke")
def _(client, call):
    from langchain_openai import ChatOpenAI

    answer = ChatOpenAI(model="gpt-4o-mini").invoke(ask(client, call))
    return [answer.content, answer.usage_metadata]


@case("langchain-openai", "langchain-openai", "stream", "yes")
def _(client, call):
    from langchain_openai import ChatOpenAI

    return "".join(str(chunk.content) for chunk in ChatOpenAI(model="gpt-4o-mini").stream(ask(client, call)))


@case("langchain-openai", "langchain-openai", "structured output")
def _(client, call):
    from langchain_openai import ChatOpenAI

    return ChatOpenAI(model="gpt-4o-mini").with_structured_output(city()).invoke(ask(client, call))


@case("langchain-openai", "langchain-openai", "invoke gpt-5 at temperature 0")
def _(client, call):
    from langchain_openai import ChatOpenAI

    return ChatOpenAI(model="gpt-5-mini", temperature=0).invoke(ask(client, call)).content


@case("langchain-openai", "langchain-openai", "tool loop", actions=1)
def _(client, call):
    from langchain_core.messages import HumanMessage, ToolMessage
    from langchain_openai import ChatOpenAI

    model, said = ChatOpenAI(model="gpt-4o-mini").bind_tools([weather()]), [HumanMessage(ask(client, call))]
    first = model.invoke(said)
    said += [first, ToolMessage("sunny", tool_call_id=first.tool_calls[0]["id"])]
    return [first.tool_calls, model.invoke(said).content]


@case("llama-index", "llama-index-core", "chat")
def _(client, call):
    from llama_index.core.llms import ChatMessage
    from llama_index.llms.openai import OpenAI

    return OpenAI(model="gpt-4o-mini").chat([ChatMessage(role="user", content=ask(client, call))]).message.content


@case("llama-index", "llama-index-core", "stream chat", "yes")
def _(client, call):
    from llama_index.core.llms import ChatMessage
    from llama_index.llms.openai import OpenAI

    stream = OpenAI(model="gpt-4o-mini").stream_chat([ChatMessage(role="user", content=ask(client, call))])
    return "".join(part.delta or "" for part in stream)


@case("llama-index", "llama-index-core", "responses")
def _(client, call):
    from llama_index.core.llms import ChatMessage
    from llama_index.llms.openai import OpenAIResponses

    said = [ChatMessage(role="user", content=ask(client, call))]
    return OpenAIResponses(model="gpt-4o-mini").chat(said).message.content


@case("litellm", "litellm", "completion")
def _(client, call):
    import litellm

    return litellm.completion(model="openai/gpt-4o-mini", messages=messages(client, call)).choices[0].message.content


@case("litellm", "litellm", "completion stream", "yes")
def _(client, call):
    import litellm

    chunks = litellm.completion(model="openai/gpt-4o-mini", messages=messages(client, call), stream=True)
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks)


@case("litellm", "litellm", "responses")
def _(client, call):
    import litellm

    return litellm.responses(model="openai/gpt-4o-mini", input=ask(client, call)).output[0].content[0].text


@case("instructor", "instructor", "default mode")
def _(client, call):
    import instructor

    return instructor.from_provider("openai/gpt-4o-mini").chat.completions.create(
        response_model=city(), messages=messages(client, call)
    )


@case("instructor", "instructor", "responses tools mode")
def _(client, call):
    import instructor

    sdk = instructor.from_provider("openai/gpt-4o-mini", mode=instructor.Mode.RESPONSES_TOOLS)
    return sdk.responses.create(response_model=city(), input=messages(client, call))


@case("instructor", "instructor", "json schema mode")
def _(client, call):
    import instructor

    sdk = instructor.from_provider("openai/gpt-4o-mini", mode=instructor.Mode.JSON_SCHEMA)
    return sdk.chat.completions.create(response_model=city(), messages=messages(client, call))


@case("pydantic-ai", "pydantic-ai-slim", "run")
def _(client, call):
    from pydantic_ai import Agent

    return Agent("openai:gpt-4o-mini").run_sync(ask(client, call)).output


@case("pydantic-ai", "pydantic-ai-slim", "run chat")
def _(client, call):
    from pydantic_ai import Agent

    return Agent("openai-chat:gpt-4o-mini").run_sync(ask(client, call)).output


@case("pydantic-ai", "pydantic-ai-slim", "output type")
def _(client, call):
    from pydantic_ai import Agent

    return Agent("openai-chat:gpt-4o-mini", output_type=city()).run_sync(ask(client, call)).output


@case("pydantic-ai", "pydantic-ai-slim", "run stream", "yes")
def _(client, call):
    from pydantic_ai import Agent

    async def run():
        async with Agent("openai-chat:gpt-4o-mini").run_stream(ask(client, call)) as result:
            return [text async for text in result.stream_text(delta=True, debounce_by=None)]

    return "".join(asyncio.run(run()))


@case("pydantic-ai", "pydantic-ai-slim", "tool loop", actions=1)
def _(client, call):
    from pydantic_ai import Agent

    agent = Agent("openai-chat:gpt-4o-mini")

    @agent.tool_plain
    def weather(city: str) -> str:
        return "sunny"

    return agent.run_sync(ask(client, call)).output


def agents_client():
    """The SDK makes one client for the life of a process; here the address changes."""
    from agents import set_default_openai_client
    from openai import AsyncOpenAI

    set_default_openai_client(AsyncOpenAI())


@case("openai-agents", "openai-agents", "run")
def _(client, call):
    from agents import Agent, Runner

    agents_client()
    return Runner.run_sync(Agent(name="a", instructions="Be brief."), ask(client, call)).final_output


@case("openai-agents", "openai-agents", "run streamed", "yes")
def _(client, call):
    from agents import Agent, Runner

    agents_client()

    async def run():
        result = Runner.run_streamed(Agent(name="a", instructions="Be brief."), ask(client, call))
        deltas = [getattr(event.data, "delta", "") async for event in result.stream_events() if event.type == "raw_response_event"]
        return ["".join(delta for delta in deltas if isinstance(delta, str)), result.final_output]

    return asyncio.run(run())


@case("openai-agents", "openai-agents", "tool loop", actions=1)
def _(client, call):
    from agents import Agent, Runner, function_tool

    agents_client()

    @function_tool
    def weather(city: str) -> str:
        return "sunny"

    return Runner.run_sync(Agent(name="a", instructions="Be brief.", tools=[weather]), ask(client, call)).final_output


@case("dspy", "dspy", "predict")
def _(client, call):
    import dspy

    dspy.configure(lm=dspy.LM("openai/gpt-4o-mini", cache=False))
    return dspy.Predict("question -> answer")(question=ask(client, call)).answer


# --- the vendors' SDKs --------------------------------------------------------------------------


@case("anthropic (Python)", "anthropic", "messages")
def _(client, call):
    import anthropic

    sdk = anthropic.Anthropic(base_url=BASE)
    return sdk.messages.create(model="claude-sonnet-4-5", max_tokens=100, messages=messages("anthropic-python", call))


@case("anthropic (Python)", "anthropic", "messages stream", "yes")
def _(client, call):
    import anthropic

    sdk = anthropic.Anthropic(base_url=BASE)
    said = messages("anthropic-python", call)
    with sdk.messages.stream(model="claude-sonnet-4-5", max_tokens=100, messages=said) as stream:
        return ["".join(stream.text_stream), plain(stream.get_final_message())]


@case("anthropic (Python)", "anthropic", "forced tool")
def _(client, call):
    import anthropic

    tool = {"name": "city", "input_schema": city().model_json_schema()}
    return anthropic.Anthropic(base_url=BASE).messages.create(
        model="claude-sonnet-4-5",
        max_tokens=100,
        messages=messages("anthropic-python", call),
        tools=[tool],
        tool_choice={"type": "tool", "name": "city"},
    )


def google():
    from google import genai

    # A client that is not kept closes its connections.
    google.client = genai.Client(http_options={"base_url": BASE})
    return google.client.models


@case("google-genai (Python)", "google-genai", "generate content")
def _(client, call):
    answer = google().generate_content(model="gemini-2.5-flash", contents=ask("google-genai-python", call))
    return [answer.text, plain(answer.usage_metadata)]


@case("google-genai (Python)", "google-genai", "generate content stream", "yes")
def _(client, call):
    stream = google().generate_content_stream(model="gemini-2.5-flash", contents=ask("google-genai-python", call))
    return "".join(chunk.text or "" for chunk in stream)


@case("google-genai (Python)", "google-genai", "structured output")
def _(client, call):
    config = {"response_mime_type": "application/json", "response_schema": city()}
    return google().generate_content(model="gemini-2.5-flash", contents=ask("google-genai-python", call), config=config).parsed


@case("ollama (Python)", "ollama", "chat")
def _(client, call):
    import ollama

    return ollama.Client(host=BASE).chat(model="llama3.2", messages=messages("ollama-python", call)).message.content


@case("ollama (Python)", "ollama", "chat stream", "yes")
def _(client, call):
    import ollama

    stream = ollama.Client(host=BASE).chat(model="llama3.2", messages=messages("ollama-python", call), stream=True)
    return "".join(part.message.content or "" for part in stream)


@case("ollama (Python)", "ollama", "generate")
def _(client, call):
    import ollama

    return ollama.Client(host=BASE).generate(model="llama3.2", prompt=ask("ollama-python", call)).response


def calls(provider, marker):
    with urllib.request.urlopen(provider + "/_calls") as reply:
        return json.load(reply).get(marker, 0)


def main():
    provider, gateway = sys.argv[1:3]
    wanted = sys.argv[3] if len(sys.argv) > 3 else ""
    for client, package, call, streamed, actions, function in CASES:
        if client == wanted[1:] if wanted.startswith("!") else wanted not in ("", client):
            continue
        result = {"client": client, "call": call, "streamed": streamed, "actions": actions, "shown": [], "calls": []}
        try:
            result["version"] = importlib.metadata.version(package)
            for base in (provider, gateway, gateway):
                use(base)
                result["shown"].append(plain(function(client, call)))
                result["calls"].append(calls(provider, ask.marker))
        except Exception as e:  # a client that fails is a line of the table
            traceback.print_exc()
            result["error"] = f"{type(e).__name__}: {e}"[:300]
        print("RESULT " + json.dumps(result), flush=True)


main()
