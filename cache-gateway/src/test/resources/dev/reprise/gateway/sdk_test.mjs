// Drives a gateway with the official SDK; its argument is the gateway's base URL. It says what failed and exits with 1.

import assert from "node:assert/strict";
import OpenAI from "openai";
import { zodResponseFormat, zodTextFormat } from "openai/helpers/zod";
import { z } from "zod";

const client = new OpenAI({ baseURL: process.argv[2], apiKey: "sk-node", maxRetries: 0, timeout: 30_000 });
const schema = { type: "object", properties: { city: { type: "string" } } };
const WEATHER = { type: "function", function: { name: "weather", parameters: schema } };
const REPORT = { type: "function", name: "weather", strict: false, parameters: schema };
const Place = z.object({ city: z.string(), people: z.number() });
const PARIS = { city: "Paris", people: 2 };

const question = (text, more) => ({ model: "m", temperature: 0, messages: [{ role: "user", content: text }], ...more });
const input = (text, more) => ({ model: "m", temperature: 0, input: text, ...more });

async function ask(text, more, options) {
  const { data, response } = await client.chat.completions.create(question(text, more), options).withResponse();
  return { data, cache: response.headers.get("x-reprise-cache") };
}

async function respond(text, more, options) {
  const { data, response } = await client.responses.create(input(text, more), options).withResponse();
  return { data, cache: response.headers.get("x-reprise-cache") };
}

const streamed = (text, more) => client.chat.completions.stream(question(text, more)).finalChatCompletion();

async function events(text, more) {
  const stream = client.responses.stream(input(text, more));
  const types = [];
  for await (const event of stream) {
    types.push(event.type);
  }
  return { types, final: await stream.finalResponse() };
}

async function refused(promise, status, code) {
  const failure = await promise.then(
    () => assert.fail(`a ${status} was expected`),
    (error) => error,
  );
  assert.deepEqual([failure.status, failure.code], [status, code]);
  return failure;
}

const tests = {
  async notStreamed() {
    const [first, second] = [await ask("Why?"), await ask("Why?")];
    assert.deepEqual([first.cache, second.cache], ["miss", "hit-exact"]);
    assert.deepEqual(second.data.choices, first.data.choices);
    assert.equal(second.data.usage.total_tokens, 13);
    assert.notEqual(second.data.id, first.data.id);
  },

  async streamed() {
    for (let i = 0; i < 2; i++) {
      const final = await streamed("Stream, please", { stream_options: { include_usage: true } });
      assert.match(final.choices[0].message.content, /^Answer number/);
      assert.equal(final.choices[0].finish_reason, "stop");
      assert.equal(final.usage.total_tokens, 13);
      const whole = await ask("Stream, please");
      assert.equal(whole.cache, "hit-exact");
      assert.equal(whole.data.choices[0].message.content, final.choices[0].message.content);
    }
    const whole = await ask("Not streamed first");
    const final = await streamed("Not streamed first");
    assert.equal(final.choices[0].message.content, whole.data.choices[0].message.content);
  },

  async tools() {
    const answers = [
      (await ask("tools", { tools: [WEATHER] })).data,
      (await ask("tools", { tools: [WEATHER] })).data,
      await streamed("tools", { tools: [WEATHER] }),
    ];
    for (const answer of answers) {
      assert.equal(answer.choices[0].finish_reason, "tool_calls");
      const call = answer.choices[0].message.tool_calls[0];
      assert.deepEqual([call.id, call.type, call.function.name], ["call_1", "function", "weather"]);
      assert.deepEqual(JSON.parse(call.function.arguments), { city: "Paris, France" });
    }
  },

  async structuredOutput() {
    const format = { response_format: zodResponseFormat(Place, "place") };
    for (let i = 0; i < 2; i++) {
      const parsed = await client.chat.completions.parse(question("json", format));
      assert.deepEqual(parsed.choices[0].message.parsed, PARIS);
    }
    assert.deepEqual((await streamed("json", format)).choices[0].message.parsed, PARIS);
  },

  async severalChoicesAndProbabilities() {
    const several = { n: 2 };
    const probable = { logprobs: true };
    for (const make of [ask, ask, async (text, more) => ({ data: await streamed(text, more) })]) {
      const choices = (await make("several", several)).data.choices;
      assert.deepEqual(choices.map((choice) => choice.index), [0, 1]);
      const tokens = (await make("probabilities", probable)).data.choices[0].logprobs.content;
      assert.deepEqual(tokens.map((token) => token.logprob), [-0.1, -0.2]);
    }
  },

  async embeddings() {
    for (let i = 0; i < 2; i++) {
      const made = await client.embeddings.create({ model: "e", input: ["a", "bbb"], encoding_format: "float" });
      assert.deepEqual(made.data.map((item) => item.embedding), [[1, 0.5], [3, 0.5]]);
    }
  },

  async errors() {
    const cachedOnly = { headers: { "Cache-Control": "only-if-cached" } };
    for (const more of [{}, { stream: true }]) {
      for (const make of [ask, respond]) {
        const limited = await refused(make("error", more), 429, "rate_limit_exceeded");
        assert.ok(limited instanceof OpenAI.RateLimitError);
        assert.equal(limited.headers.get("retry-after-ms"), "7");
        await refused(make("Never asked", more, cachedOnly), 504, "not_cached");
      }
    }
  },

  async abort() {
    for (const stream of [
      await client.chat.completions.create(question("endless", { stream: true })),
      await client.responses.create(input("endless", { stream: true })),
    ]) {
      for await (const _ of stream) {
        stream.controller.abort();
        break;
      }
    }
  },

  async crowd() {
    const all = await Promise.all(Array.from({ length: 100 }, () => ask("crowd")));
    assert.equal(new Set(all.map((one) => one.data.choices[0].message.content)).size, 1);
    const others = await Promise.all(Array.from({ length: 100 }, () => respond("crowd")));
    assert.equal(new Set(others.map((one) => one.data.output_text)).size, 1);
  },

  async responsesNotStreamed() {
    const [first, second] = [await respond("Why?"), await respond("Why?")];
    assert.deepEqual([first.cache, second.cache], ["miss", "hit-exact"]);
    assert.deepEqual(second.data, first.data);
    assert.match(second.data.output_text, /^Answer number/);
    assert.equal(second.data.usage.total_tokens, 13);
    const [one, two] = [await respond("Why?", { store: false }), await respond("Why?", { store: false })];
    assert.deepEqual([two.cache, two.data.output], ["hit-exact", one.data.output]);
    assert.notEqual(two.data.id, one.data.id);
    const next = { previous_response_id: first.data.id };
    assert.equal((await respond("And then?", next)).cache, "miss");
    assert.equal((await respond("And then?", next)).cache, "hit-exact");
  },

  async responsesStreamed() {
    const [first, second] = [await events("think aloud"), await events("think aloud")];
    assert.deepEqual(second, first);
    assert.equal(second.final.output_text, "Four.");
    assert.deepEqual(second.final.output[0].summary.map((part) => part.text), ["Two and two", "are four"]);
    const whole = await respond("think aloud");
    assert.deepEqual([whole.cache, whole.data.output_text], ["hit-exact", "Four."]);
    const before = await respond("Not streamed first");
    const { final } = await events("Not streamed first");
    assert.equal(final.output_text, before.data.output_text);
  },

  async responsesTools() {
    const answers = [
      (await events("tools", { tools: [REPORT] })).final,
      (await events("tools", { tools: [REPORT] })).final,
      (await respond("tools", { tools: [REPORT] })).data,
    ];
    for (const { output } of answers) {
      assert.deepEqual([output[0].type, output[0].call_id, output[0].name], ["function_call", "call_1", "weather"]);
      assert.deepEqual(JSON.parse(output[0].arguments), { city: "Paris, France" });
    }
    const history = [
      { role: "user", content: "tools" },
      ...answers[2].output,
      { type: "function_call_output", call_id: "call_1", output: "sunny" },
    ];
    for (const expected of ["miss", "hit-exact"]) {
      assert.equal((await respond(history, { tools: [REPORT] })).cache, expected);
    }
  },

  async responsesStructuredOutput() {
    const format = { text: { format: zodTextFormat(Place, "place") } };
    for (let i = 0; i < 2; i++) {
      assert.deepEqual((await client.responses.parse(input("json", format))).output_parsed, PARIS);
    }
    assert.deepEqual((await events("json", format)).final.output_parsed, PARIS);
  },
};

for (const [name, test] of Object.entries(tests)) {
  await test();
  console.log("ok", name);
}
