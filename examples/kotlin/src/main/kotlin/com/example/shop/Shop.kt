package com.example.shop

import dev.langchain4j.model.chat.ChatModel
import dev.langchain4j.model.chat.StreamingChatModel
import dev.langchain4j.model.chat.response.ChatResponse
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler
import dev.reprise.engine.CacheEngine
import dev.reprise.langchain4j.CachingChatModel
import dev.reprise.langchain4j.CachingStreamingChatModel
import dev.reprise.model.Scope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asContextElement
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.channels.trySendBlocking
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.withContext

/** Asks cached models from coroutines. Each tenant has a scope of its own. */
class Shop(model: ChatModel, streaming: StreamingChatModel, engine: CacheEngine) {
  private val tenant = ThreadLocal<String?>()

  private val cached: ChatModel =
    CachingChatModel.builder(model, engine).scopeFor { scope() }.build()

  private val cachedStream: StreamingChatModel =
    CachingStreamingChatModel.builder(streaming, engine).scopeFor { scope() }.build()

  /** Without a tenant the request bypasses the cache. */
  private fun scope(): Scope? = tenant.get()?.let { Scope.of("shop/$it") }

  /** The call blocks, so it runs on a thread for that. The tenant goes along with the coroutine. */
  suspend fun ask(question: String, of: String): String =
    withContext(Dispatchers.IO + tenant.asContextElement(of)) { cached.chat(question) }

  /** The answer, piece by piece: from the model, or from the cache. */
  fun stream(question: String, of: String): Flow<String> = callbackFlow {
    withContext(Dispatchers.IO + tenant.asContextElement(of)) {
      cachedStream.chat(
        question,
        object : StreamingChatResponseHandler {
          override fun onPartialResponse(piece: String) {
            trySendBlocking(piece)
          }

          override fun onCompleteResponse(response: ChatResponse) {
            close()
          }

          override fun onError(error: Throwable) {
            close(error)
          }
        },
      )
    }
    awaitClose()
  }
}
