"""A scripted provider: OpenAI's chat, responses and embeddings, Azure's paths, Anthropic's messages, Gemini and Ollama.

The answer depends on the question only, so that what is shown with and without a cache can be compared. It counts its calls by the
marker in the question ("<openai-python chat>"), and keeps each request and its reply as they are on the wire.

By itself it is a simulated provider to try the gateway or the library with:

    python3 client-tests/upstream.py [PORT]       # default: 9000
"""

import json
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MARKER = re.compile(r"<([a-z0-9 .-]+)>")
USAGE = {"prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 13}


def marker(body):
    found = MARKER.search(body.replace("\\u003c", "<").replace("\\u003e", ">"))
    return found.group(1) if found else ""


def text_of(content):
    if isinstance(content, str):
        return content
    return " ".join(str(part.get("text", "")) for part in content or [] if isinstance(part, dict))


def sample(schema, definitions=None):
    """Returns JSON that satisfies a simple schema."""
    definitions = definitions or schema.get("$defs", {})
    if "$ref" in schema:
        return sample(definitions[schema["$ref"].rsplit("/", 1)[1]], definitions)
    kind = str(schema.get("type", "object")).lower()
    if kind == "object":
        return {name: sample(of, definitions) for name, of in schema.get("properties", {}).items()}
    if kind == "array":
        return [sample(schema.get("items", {"type": "string"}), definitions)]
    return {"integer": 2, "number": 1.5, "boolean": True}.get(kind, "Paris, \u2028 France")


def answer_to(asked, whole):
    if "[[ ## answer ## ]]" in whole:
        return "[[ ## answer ## ]]\nParis it is\n\n[[ ## completed ## ]]"
    # Spring AI's entity() writes the schema into the question.
    schema = re.search(r"JSON Schema.*?```(?:json)?\s*(\{.*\})\s*```", asked, re.DOTALL)
    if schema:
        return json.dumps(sample(json.loads(schema.group(1))))
    return "You asked: " + MARKER.sub("", asked).strip() + " Here is 1 answer, \u00e0 la carte \U0001f600."


def calls_tool(asked, whole, is_answered):
    """Says whether the model chooses to call a tool: once in each loop."""
    return "tool loop" in marker(whole) and bool(asked.get("tools")) and not is_answered


def pieces(text):
    return re.findall(r"\S+\s*|\s+", text)


class Provider(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *unused):
        pass

    def do_GET(self):
        if self.path == "/_calls":
            self.reply("application/json", json.dumps(self.server.calls))
        else:
            self.reply("application/json", '{"object":"list","data":[]}')

    def do_POST(self):
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            body = b""
            while size := int(self.rfile.readline().strip() or b"0", 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.body = body.decode()
        self.asked = json.loads(self.body)
        self.is_action = False
        with self.server.lock:
            name = marker(self.body)
            self.server.calls[name] = self.server.calls.get(name, 0) + 1
        path = self.path.split("?")[0]
        if path.endswith("/chat/completions"):
            self.chat()
        elif path.endswith("/responses"):
            self.answer_responses()
        elif path.endswith("/completions"):
            self.completions()
        elif path.endswith("/embeddings"):
            self.embeddings()
        elif path.endswith("/messages"):
            self.messages()
        elif "enerateContent" in path:
            self.gemini(path)
        elif path in ("/api/chat", "/api/generate"):
            self.ollama(path)
        else:
            self.reply("application/json", '{"error":{"message":"not found"}}', 404)

    def reply(self, kind, text, status=200):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        if self.command == "POST":
            with self.server.lock:
                self.server.recorded.append(
                    {
                        "marker": "" if self.is_action else marker(self.body),
                        "method": self.command,
                        "target": self.path,
                        "headers": [[name, value] for name, value in self.headers.items()],
                        "body": self.body,
                        "status": status,
                        "type": kind,
                        "reply": text,
                    }
                )

    def answer(self, value):
        self.reply("application/json", json.dumps(value))

    def events(self, events, end="data: [DONE]\n\n"):
        named = [(e.get("type") if end == "" and "type" in e else None, json.dumps(e)) for e in events]
        text = "".join((f"event: {name}\n" if name else "") + f"data: {data}\n\n" for name, data in named)
        self.reply("text/event-stream; charset=utf-8", text + end)

    # --- OpenAI ---------------------------------------------------------------------------------

    def chat(self):
        body = self.asked
        last = [m for m in body["messages"] if m["role"] == "user"][-1]
        form = body.get("response_format") or {}
        message = {"role": "assistant", "content": answer_to(text_of(last["content"]), self.body), "refusal": None}
        finish = "stop"
        if form.get("type") == "json_schema":
            message["content"] = json.dumps(sample(form["json_schema"]["schema"]))
        tools = body.get("tools") or []
        is_forced = body.get("tool_choice", "auto") not in ("auto", "none")
        self.is_action = calls_tool(body, self.body, body["messages"][-1]["role"] == "tool")
        if tools and (is_forced or self.is_action):
            function = tools[-1]["function"]
            arguments = json.dumps(sample(function.get("parameters", {})))
            call = {"id": "call_1", "type": "function", "function": {"name": function["name"], "arguments": arguments}}
            message = {"role": "assistant", "content": None, "tool_calls": [call], "refusal": None}
            finish = "stop" if isinstance(body.get("tool_choice"), dict) else "tool_calls"
        head = {"id": "chatcmpl-up", "created": 1700000000, "model": "scripted-1", "system_fingerprint": "fp_1"}
        if not body.get("stream"):
            choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": finish}
            self.answer({**head, "object": "chat.completion", "choices": [choice], "usage": USAGE})
            return
        head["object"] = "chat.completion.chunk"
        wants_usage = (body.get("stream_options") or {}).get("include_usage")
        deltas = [{"role": "assistant", "content": "" if message["content"] else None}]
        deltas += [{"content": piece} for piece in pieces(message["content"] or "")]
        for call in message.get("tool_calls", []):
            deltas.append({"tool_calls": [{"index": 0, **call, "function": {**call["function"], "arguments": ""}}]})
            for piece in pieces(call["function"]["arguments"]):
                deltas.append({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]})
        chunks = [
            {**head, "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": None}]} for delta in deltas
        ]
        chunks.append({**head, "choices": [{"index": 0, "delta": {}, "logprobs": None, "finish_reason": finish}]})
        if wants_usage:
            chunks = [{**chunk, "usage": None} for chunk in chunks] + [{**head, "choices": [], "usage": USAGE}]
        self.events(chunks)

    def completions(self):
        text = answer_to(str(self.asked["prompt"]), self.body)
        choice = {"text": text, "index": 0, "logprobs": None, "finish_reason": "stop"}
        head = {"id": "cmpl-up", "object": "text_completion", "created": 1700000000, "model": "scripted-1"}
        if self.asked.get("stream"):
            self.events([{**head, "choices": [choice]}])
        else:
            self.answer({**head, "choices": [choice], "usage": USAGE})

    def embeddings(self):
        given = self.asked["input"]
        count = len(given) if isinstance(given, list) and not all(isinstance(i, int) for i in given) else 1
        vector = "AACAPwAAAEA=" if self.asked.get("encoding_format") == "base64" else [1.0, 2.0]
        data = [{"object": "embedding", "index": i, "embedding": vector} for i in range(count)]
        self.answer({"object": "list", "data": data, "model": "e-1", "usage": {"prompt_tokens": 3, "total_tokens": 3}})

    def answer_responses(self):
        body = self.asked
        given = body["input"]
        asked = given if isinstance(given, str) else text_of([m for m in given if m.get("role") == "user"][-1]["content"])
        form = ((body.get("text") or {}).get("format")) or {}
        text = json.dumps(sample(form["schema"])) if form.get("type") == "json_schema" else answer_to(asked, self.body)
        part = {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
        item = {"id": "msg_1", "type": "message", "status": "completed", "role": "assistant", "content": [part]}
        tools = body.get("tools") or []
        is_forced = body.get("tool_choice", "auto") not in ("auto", "none")
        is_answered = "function_call_output" in self.body
        self.is_action = calls_tool(body, self.body, is_answered)
        if tools and (is_forced or self.is_action):
            arguments = json.dumps(sample(tools[-1].get("parameters", {})))
            item = {"id": "fc_1", "type": "function_call", "status": "completed", "call_id": "call_1"}
            item |= {"name": tools[-1]["name"], "arguments": arguments}
        usage = {"input_tokens": 9, "output_tokens": 4, "total_tokens": 13}
        usage |= {"input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}
        whole = {
            "id": "resp_" + re.sub("[^a-z0-9]", "", marker(self.body)),
            "object": "response",
            "created_at": 1700000000,
            "status": "completed",
            "error": None,
            "incomplete_details": None,
            "instructions": None,
            "model": "scripted-1",
            "output": [item],
            "parallel_tool_calls": True,
            "temperature": body.get("temperature", 1.0),
            "tool_choice": body.get("tool_choice", "auto"),
            "tools": tools,
            "top_p": 1.0,
            "metadata": {},
            "text": {"format": form or {"type": "text"}},
            "usage": usage,
        }
        if not body.get("stream"):
            self.answer(whole)
            return
        begun = {**whole, "status": "in_progress", "output": [], "usage": None}
        events = [{"type": "response.created", "response": begun}, {"type": "response.in_progress", "response": begun}]
        at = {"output_index": 0, "item_id": item["id"]}
        if item["type"] == "message":
            empty = {**item, "status": "in_progress", "content": []}
            events.append({"type": "response.output_item.added", "output_index": 0, "item": empty})
            inner = {**at, "content_index": 0}
            events.append({"type": "response.content_part.added", **inner, "part": {**part, "text": ""}})
            for piece in pieces(text):
                events.append({"type": "response.output_text.delta", **inner, "delta": piece, "logprobs": []})
            events.append({"type": "response.output_text.done", **inner, "text": text, "logprobs": []})
            events.append({"type": "response.content_part.done", **inner, "part": part})
        else:
            empty = {**item, "status": "in_progress", "arguments": ""}
            events.append({"type": "response.output_item.added", "output_index": 0, "item": empty})
            for piece in pieces(item["arguments"]):
                events.append({"type": "response.function_call_arguments.delta", **at, "delta": piece})
            done = {"arguments": item["arguments"], "name": item["name"]}
            events.append({"type": "response.function_call_arguments.done", **at, **done})
        events.append({"type": "response.output_item.done", "output_index": 0, "item": item})
        events.append({"type": "response.completed", "response": whole})
        self.events([{**event, "sequence_number": number} for number, event in enumerate(events)], end="")

    # --- others ---------------------------------------------------------------------------------

    def messages(self):
        body = self.asked
        block = {"type": "text", "text": answer_to(text_of(body["messages"][-1]["content"]), self.body)}
        reason = "end_turn"
        if (body.get("tool_choice") or {}).get("type") == "tool":
            tool = body["tools"][-1]
            block = {"type": "tool_use", "id": "toolu_1", "name": tool["name"], "input": sample(tool["input_schema"])}
            reason = "tool_use"
        usage = {"input_tokens": 9, "output_tokens": 4}
        whole = {"id": "msg_up", "type": "message", "role": "assistant", "model": "scripted-1", "content": [block]}
        whole |= {"stop_reason": reason, "stop_sequence": None, "usage": usage}
        if not body.get("stream"):
            self.answer(whole)
            return
        begun = {**whole, "content": [], "stop_reason": None}
        events = [{"type": "message_start", "message": begun}]
        if block["type"] == "text":
            start, deltas = {**block, "text": ""}, [{"type": "text_delta", "text": p} for p in pieces(block["text"])]
        else:
            start = {**block, "input": {}}
            deltas = [{"type": "input_json_delta", "partial_json": p} for p in pieces(json.dumps(block["input"]))]
        events.append({"type": "content_block_start", "index": 0, "content_block": start})
        events += [{"type": "content_block_delta", "index": 0, "delta": delta} for delta in deltas]
        events.append({"type": "content_block_stop", "index": 0})
        end = {"stop_reason": reason, "stop_sequence": None}
        events.append({"type": "message_delta", "delta": end, "usage": usage})
        self.events(events + [{"type": "message_stop"}], end="")

    def gemini(self, path):
        body = self.asked
        text = answer_to(text_of(body["contents"][-1]["parts"]), self.body)
        config = body.get("generationConfig") or {}
        schema = config.get("responseJsonSchema") or config.get("responseSchema")
        parts = [{"text": piece} for piece in pieces(json.dumps(sample(schema)) if schema else text)]
        mode = ((body.get("toolConfig") or {}).get("functionCallingConfig") or {}).get("mode")
        if mode == "ANY":
            function = body["tools"][0]["functionDeclarations"][0]
            given = function.get("parametersJsonSchema") or function.get("parameters") or {}
            parts = [{"functionCall": {"name": function["name"], "args": sample(given)}}]
        tail = {"modelVersion": "scripted-1", "responseId": "r-up"}
        tail["usageMetadata"] = {"promptTokenCount": 9, "candidatesTokenCount": 4, "totalTokenCount": 13}
        if "stream" in path:
            chunks = []
            for number, part in enumerate(parts):
                candidate = {"content": {"parts": [part], "role": "model"}, "index": 0}
                if number == len(parts) - 1:
                    candidate["finishReason"] = "STOP"
                chunks.append({"candidates": [candidate], **tail})
            self.events(chunks, end="")
            return
        if "text" in parts[0]:
            parts = [{"text": "".join(part["text"] for part in parts)}]
        candidate = {"content": {"parts": parts, "role": "model"}, "finishReason": "STOP", "index": 0}
        self.answer({"candidates": [candidate], **tail})

    def ollama(self, path):
        body = self.asked
        is_chat = path == "/api/chat"
        text = answer_to(body["messages"][-1]["content"] if is_chat else body["prompt"], self.body)
        if isinstance(body.get("format"), dict):
            text = json.dumps(sample(body["format"]))
        head = {"model": body["model"], "created_at": "2026-11-30T02:00:00.123456Z"}
        end = {"done": True, "done_reason": "stop", "total_duration": 12, "prompt_eval_count": 9, "eval_count": 4}

        def said(piece):
            return {"message": {"role": "assistant", "content": piece}} if is_chat else {"response": piece}

        if not body.get("stream", True):
            self.answer({**head, **said(text), **end})
            return
        lines = [{**head, **said(piece), "done": False} for piece in pieces(text)] + [{**head, **said(""), **end}]
        self.reply("application/x-ndjson", "".join(json.dumps(line) + "\n" for line in lines))


def start(port=0):
    server = ThreadingHTTPServer(("127.0.0.1", port), Provider)
    server.daemon_threads = True
    server.calls = {}
    server.recorded = []
    server.lock = threading.Lock()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


if __name__ == "__main__":
    port = start(int(sys.argv[1]) if len(sys.argv) > 1 else 9000).server_address[1]
    print(f"A simulated provider listens on http://127.0.0.1:{port}/v1. It needs no key. Stop it with Ctrl-C.", flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        pass
