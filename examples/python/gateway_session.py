"""Asks a model through the gateway with OpenAI's own client, and shows what the cache did with each request.

    pip install openai
    python gateway_session.py http://127.0.0.1:8080/v1 MODEL
"""

import sys
import textwrap
import time

from openai import APIStatusError, OpenAI

BASE_URL, MODEL = sys.argv[1:]
SYSTEM = "Answer in one short sentence."

# The key is a client's own: it is sent on, and each key has a cache of its own. One may be in OPENAI_API_KEY as well.
client = OpenAI(base_url=BASE_URL, api_key="client-one", max_retries=0)
other_client = OpenAI(base_url=BASE_URL, api_key="client-two", max_retries=0)


def chat(question, *, by=client, stream=False, system=SYSTEM, temperature=0.0, **more):
    """Returns the answer and its headers."""
    raw = by.chat.completions.with_raw_response.create(
        model=MODEL,
        temperature=temperature,
        max_tokens=300,
        stream=stream,
        messages=[{"role": "system", "content": system}, {"role": "user", "content": question}],
        **more,
    )
    if not stream:
        return raw.parse().choices[0].message.content, raw.headers
    words = [chunk.choices[0].delta.content or "" for chunk in raw.parse() if chunk.choices]
    return f"({len(words)} chunks) {''.join(words)}", raw.headers


def response(question):
    """Returns the answer of the Responses API and its headers."""
    raw = client.responses.with_raw_response.create(
        model=MODEL, temperature=0, max_output_tokens=300, instructions=SYSTEM, input=question, store=False
    )
    return raw.parse().output_text, raw.headers


def show(title, question, ask=chat, **options):
    """Runs one request, and prints what came of it."""
    print(f"\n{title}: {question}")
    begin = time.perf_counter()
    try:
        answer, headers = ask(question, **options)
    except APIStatusError as e:
        answer, headers = f"status {e.status_code}: {e.body.get('message') if e.body else e.message}", e.response.headers
    took = time.perf_counter() - begin
    said = [f"{took * 1000:,.0f} ms", headers.get("x-reprise-cache", "-")]
    for name in ("tier", "similarity", "confidence", "age", "saved-ms", "reason"):
        if value := headers.get(f"x-reprise-{name}"):
            said.append(f"{name} {value}")
    print("  " + ", ".join(said))
    print(textwrap.indent(textwrap.fill(textwrap.shorten(answer, 200, placeholder=" ..."), 100), "  > "))


show("A question", "What is the capital of France?")
show("The same again", "What is the capital of France?")
show("The same as a stream", "What is the capital of France?", stream=True)
show("In other words", "What's the capital of France?")
show("Nearly the same words, another question", "What is the capital of Italy?")
show("The same to another system prompt", "What is the capital of France?", system="Answer in one short sentence, in French.")
show("The same by another client", "What is the capital of France?", by=other_client)
show("First streamed", "How do I boil an egg?", stream=True)
show("Then not", "How do I boil an egg?")
show("A question that says what an abbreviation means", "What is Retrieval-Augmented Generation (RAG)?")
show("The abbreviation alone, in other words", "Can you explain RAG?")
show("Not deterministic", "Why is the sky blue?", temperature=0.7)
show("What changes by the minute", "What is the weather in Paris now?")
show("Anew, though it is cached", "What is the capital of France?", extra_headers={"Cache-Control": "no-cache"})
show("Only if it is cached", "Who wrote Romeo and Juliet?", extra_headers={"Cache-Control": "only-if-cached"})
show("The Responses API", "Who wrote Romeo and Juliet?", response)
show("The same again", "Who wrote Romeo and Juliet?", response)
