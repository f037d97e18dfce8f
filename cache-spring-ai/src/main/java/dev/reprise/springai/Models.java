package dev.reprise.springai;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.util.ClassUtils;

/** Names models in keys. */
final class Models {
  private Models() {}

  /** Returns a name that is the same in every process. */
  static String name(ChatModel model) {
    String name = ClassUtils.getUserClass(model).getName();
    int lambda = name.indexOf("$$Lambda");
    return lambda < 0 ? name : name.substring(0, lambda);
  }
}
