package com.example.shop

import dev.langchain4j.model.openai.OpenAiChatModel
import dev.langchain4j.model.openai.OpenAiStreamingChatModel
import dev.reprise.engine.CacheEngine
import dev.reprise.testing.ScriptedOpenAi
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Test

/** The suspending functions, in front of a scripted upstream. */
class ShopTest {
  private val upstream = ScriptedOpenAi.answering { ANSWER }
  private val engine = CacheEngine.builder().build()

  private val shop =
    Shop(
      OpenAiChatModel.builder()
        .baseUrl(upstream.baseUrl())
        .apiKey("none")
        .modelName("gpt-4o-mini")
        .build(),
      OpenAiStreamingChatModel.builder()
        .baseUrl(upstream.baseUrl())
        .apiKey("none")
        .modelName("gpt-4o-mini")
        .build(),
      engine,
    )

  @AfterEach
  fun close() {
    engine.close()
    upstream.close()
  }

  @Test
  fun `the second equal question is a hit`() = runBlocking<Unit> {
    assertThat(shop.ask(QUESTION, "a")).isEqualTo(ANSWER)
    assertThat(shop.ask(QUESTION, "a")).isEqualTo(ANSWER)
    assertThat(upstream.calls()).isEqualTo(1)
    assertThat(engine.stats().exactHits()).isEqualTo(1)
    // A stream of the same question comes from the cache, too.
    assertThat(shop.stream(QUESTION, "a").toList().joinToString("")).isEqualTo(ANSWER)
    assertThat(upstream.calls()).isEqualTo(1)
  }

  @Test
  fun `two tenants share nothing`() = runBlocking<Unit> {
    shop.ask(QUESTION, "a")
    shop.ask(QUESTION, "b")
    assertThat(upstream.calls()).isEqualTo(2)
    assertThat(engine.stats().exactHits()).isZero()
  }

  @Test
  fun `the second equal stream is a hit`() = runBlocking<Unit> {
    assertThat(shop.stream(QUESTION, "a").toList().joinToString("")).isEqualTo(ANSWER)
    assertThat(shop.stream(QUESTION, "a").toList().joinToString("")).isEqualTo(ANSWER)
    assertThat(upstream.calls()).isEqualTo(1)
  }

  private companion object {
    const val ANSWER = "Thirty days."
    const val QUESTION = "What is the return policy?"
  }
}
