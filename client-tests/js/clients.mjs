// Asks by each JavaScript client with its defaults, and prints what the client shows, a line of JSON for each case.
//
// Each case asks the provider itself once, then the gateway twice; the provider tells how often it was called.
//
// usage: node clients.mjs PROVIDER GATEWAY
import { readFileSync } from 'node:fs';

const [PROVIDER, GATEWAY] = process.argv.slice(2);
let BASE = PROVIDER;
const QUESTION = 'What is the capital of France?';
process.env.OPENAI_API_KEY = 'sk-client';
process.env.ANTHROPIC_API_KEY = 'sk-client';
// The Responses API says at which temperature it was asked, which the gateway sets.
const OF_ONE_CALL = new Set(['id', 'created', 'created_at', 'responseId', '_request_id', 'completed_at', 'sdkHttpResponse', 'temperature']);
const cases = [];
// In a tool loop so many calls are actions: the model chooses a tool, which is not cached.
const add = (client, name, call, streamed, run, actions = 0) => cases.push({ client, name, call, streamed, run, actions });
let marker = '';
const ask = (client, call) => {
  marker = `${client} ${call}`;
  return `<${marker}> ${QUESTION}`;
};
const said = (client, call) => [{ role: 'user', content: ask(client, call) }];

function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  if (value && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name]) => !OF_ONE_CALL.has(name))
        .map(([name, inner]) => [name, plain(inner)]),
    );
  }
  return value;
}

async function joined(stream, text) {
  let all = '';
  for await (const part of stream) all += text(part) ?? '';
  return all;
}

const { z } = await import('zod');
const city = z.object({ name: z.string(), people: z.number() });

const openai = async () => new (await import('openai')).default();
add('openai-js', 'openai', 'chat', 'no', async () =>
  (await openai()).chat.completions.create({ model: 'gpt-4o-mini', messages: said('openai-js', 'chat') }));
add('openai-js', 'openai', 'chat stream', 'yes', async () =>
  joined(
    await (await openai()).chat.completions.create({ model: 'gpt-4o-mini', messages: said('openai-js', 'chat stream'), stream: true }),
    (chunk) => chunk.choices[0]?.delta?.content,
  ));
add('openai-js', 'openai', 'responses', 'no', async () =>
  (await openai()).responses.create({ model: 'gpt-4o-mini', input: ask('openai-js', 'responses') }));
add('openai-js', 'openai', 'responses stream', 'yes', async () =>
  joined(
    await (await openai()).responses.create({ model: 'gpt-4o-mini', input: ask('openai-js', 'responses stream'), stream: true }),
    (event) => (event.type === 'response.output_text.delta' ? event.delta : ''),
  ));
add('openai-js', 'openai', 'azure chat', 'no', async () => {
  const { AzureOpenAI } = await import('openai');
  delete process.env.OPENAI_BASE_URL;
  const azure = new AzureOpenAI({ endpoint: BASE, apiVersion: '2024-10-21', apiKey: 'sk-client' });
  process.env.OPENAI_BASE_URL = BASE + '/v1';
  return azure.chat.completions.create({ model: 'gpt-4o-mini', messages: said('openai-js', 'azure chat') });
});

const langchain = async () => {
  const { ChatOpenAI } = await import('@langchain/openai');
  return new ChatOpenAI({ model: 'gpt-4o-mini', configuration: { baseURL: BASE + '/v1' } });
};
add('LangChain.js', '@langchain/openai', 'invoke', 'no', async () => (await (await langchain()).invoke(ask('langchain.js', 'invoke'))).content);
add('LangChain.js', '@langchain/openai', 'stream', 'yes', async () =>
  joined(await (await langchain()).stream(ask('langchain.js', 'stream')), (chunk) => chunk.content));
add('LangChain.js', '@langchain/openai', 'structured output', 'no', async () =>
  (await langchain()).withStructuredOutput(city, { name: 'city' }).invoke(ask('langchain.js', 'structured output')));

const ai = async () => [await import('ai'), (await import('@ai-sdk/openai')).createOpenAI()];
add('Vercel AI SDK', 'ai', 'generate text', 'no', async () => {
  const [{ generateText }, provider] = await ai();
  return (await generateText({ model: provider('gpt-4o-mini'), prompt: ask('ai', 'generate text') })).text;
});
add('Vercel AI SDK', 'ai', 'generate text gpt-5', 'no', async () => {
  const [{ generateText }, provider] = await ai();
  return (await generateText({ model: provider('gpt-5-mini'), prompt: ask('ai', 'generate text gpt-5') })).text;
});
add('Vercel AI SDK', 'ai', 'stream text', 'yes', async () => {
  const [{ streamText }, provider] = await ai();
  return joined(streamText({ model: provider('gpt-4o-mini'), prompt: ask('ai', 'stream text') }).textStream, (text) => text);
});
add('Vercel AI SDK', 'ai', 'generate object', 'no', async () => {
  const [{ generateObject }, provider] = await ai();
  return (await generateObject({ model: provider('gpt-4o-mini'), schema: city, prompt: ask('ai', 'generate object') })).object;
});
add('Vercel AI SDK', 'ai', 'generate text chat', 'no', async () => {
  const [{ generateText }, provider] = await ai();
  return (await generateText({ model: provider.chat('gpt-4o-mini'), prompt: ask('ai', 'generate text chat') })).text;
});
add('Vercel AI SDK', 'ai', 'compatible stream', 'yes', async () => {
  const { streamText } = await import('ai');
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
  const provider = createOpenAICompatible({ name: 'any', baseURL: BASE + '/v1', apiKey: 'sk-client' });
  return joined(streamText({ model: provider('any-model'), prompt: ask('ai', 'compatible stream') }).textStream, (text) => text);
});

const loop = (call, model) =>
  add('Vercel AI SDK', 'ai', call, 'no', async () => {
    const [{ generateText, tool, stepCountIs }, provider] = await ai();
    const weather = tool({ description: 'Tells the weather', inputSchema: z.object({ city: z.string() }), execute: async () => 'sunny' });
    const asked = { model: model(provider), tools: { weather }, stopWhen: stepCountIs(2), prompt: ask('ai', call) };
    return (await generateText(asked)).text;
  }, 1);
loop('tool loop gpt-5', (provider) => provider('gpt-5-mini'));
loop('tool loop chat', (provider) => provider.chat('gpt-4o-mini'));

const anthropic = async () => new (await import('@anthropic-ai/sdk')).default({ baseURL: BASE });
const claude = (call) => ({ model: 'claude-sonnet-4-5', max_tokens: 100, messages: said('anthropic-js', call) });
add('anthropic (JavaScript)', '@anthropic-ai/sdk', 'messages', 'no', async () => (await anthropic()).messages.create(claude('messages')));
add('anthropic (JavaScript)', '@anthropic-ai/sdk', 'messages stream', 'yes', async () =>
  (await anthropic()).messages.stream(claude('messages stream')).finalMessage());

const google = async () => {
  const { GoogleGenAI } = await import('@google/genai');
  return new GoogleGenAI({ apiKey: 'sk-client', httpOptions: { baseUrl: BASE } }).models;
};
const gemini = (call) => ({ model: 'gemini-2.5-flash', contents: ask('google-genai-js', call) });
add('google-genai (JavaScript)', '@google/genai', 'generate content', 'no', async () =>
  (await (await google()).generateContent(gemini('generate content'))).text);
add('google-genai (JavaScript)', '@google/genai', 'generate content stream', 'yes', async () =>
  joined(await (await google()).generateContentStream(gemini('generate content stream')), (chunk) => chunk.text));

const ollama = async () => new (await import('ollama')).Ollama({ host: BASE });
add('ollama (JavaScript)', 'ollama', 'chat', 'no', async () =>
  (await (await ollama()).chat({ model: 'llama3.2', messages: said('ollama-js', 'chat') })).message.content);
add('ollama (JavaScript)', 'ollama', 'chat stream', 'yes', async () =>
  joined(
    await (await ollama()).chat({ model: 'llama3.2', messages: said('ollama-js', 'chat stream'), stream: true }),
    (part) => part.message.content,
  ));

function version(name) {
  return JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url))).version;
}

async function calls() {
  return (await (await fetch(PROVIDER + '/_calls')).json())[marker] ?? 0;
}

for (const { client, name, call, streamed, run, actions } of cases) {
  const result = { client, call, streamed, actions, shown: [], calls: [] };
  try {
    result.version = version(name);
    for (BASE of [PROVIDER, GATEWAY, GATEWAY]) {
      process.env.OPENAI_BASE_URL = BASE + '/v1';
      result.shown.push(plain(await run()));
      result.calls.push(await calls());
    }
  } catch (e) {
    console.error(e);
    result.error = `${e.name}: ${e.message}`.slice(0, 300);
  }
  console.log('RESULT ' + JSON.stringify(result));
}
