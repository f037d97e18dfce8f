package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.embedded.EmbeddedCache;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Scope;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Streams of different questions in scripts that the embedding model cannot read: its tokenizer
 * makes one unknown token of a whole word, so that unlike questions have one embedding.
 */
class UnreadableStreamsTest {
  private static final List<String> THAI =
      lines(
          """
          ฉันจะเปิดบัญชีธนาคารได้อย่างไร
          ราคาของแผนพื้นฐานเท่าไหร่
          ร้านเปิดกี่โมงในวันอาทิตย์
          วิธีเปลี่ยนรหัสผ่านของฉันทำอย่างไร
          ฉันจะยกเลิกการสมัครสมาชิกได้อย่างไร
          สินค้าจะมาถึงเมื่อไหร่
          ฉันสามารถคืนสินค้าได้หรือไม่
          มีที่จอดรถหรือไม่
          เมืองหลวงของฝรั่งเศสคืออะไร
          ใครเป็นผู้เขียนหนังสือเล่มนี้
          น้ำเดือดที่อุณหภูมิเท่าไหร่
          โลกห่างจากดวงอาทิตย์เท่าไหร่
          วิธีทำต้มยำกุ้ง
          วิธีทำผัดไทย
          ภาษีมูลค่าเพิ่มคืออะไร
          ประกันสุขภาพครอบคลุมอะไรบ้าง
          ฉันจะติดต่อฝ่ายบริการลูกค้าได้อย่างไร
          ฉันจะดาวน์โหลดใบแจ้งหนี้ได้ที่ไหน
          แมวนอนวันละกี่ชั่วโมง
          สุนัขกินช็อกโกแลตได้ไหม
          ปิดบัญชีอย่างไร
          เปิดบัญชีอย่างไร
          รถไฟออกจากสถานีไหน
          รถบัสออกจากสถานีไหน
          """);

  private static final List<String> LAO =
      lines(
          """
          ຂ້ອຍຈະເປີດບັນຊີທະນາຄານໄດ້ແນວໃດ
          ແຜນພື້ນຖານລາຄາເທົ່າໃດ
          ຮ້ານເປີດຈັກໂມງ
          ຂ້ອຍຈະປ່ຽນລະຫັດຜ່ານໄດ້ແນວໃດ
          ນະຄອນຫຼວງຂອງຝຣັ່ງແມ່ນຫຍັງ
          ສິນຄ້າຈະມາຮອດເມື່ອໃດ
          """);

  private static final List<String> BURMESE =
      lines(
          """
          ဘဏ်အကောင့်ဘယ်လိုဖွင့်ရမလဲ
          အခြေခံအစီအစဉ်ဈေးနှုန်းဘယ်လောက်လဲ
          ဆိုင်ဘယ်အချိန်ဖွင့်သလဲ
          စကားဝှက်ဘယ်လိုပြောင်းရမလဲ
          ပြင်သစ်မြို့တော်ကဘာလဲ
          ပစ္စည်းဘယ်တော့ရောက်မလဲ
          """);

  private static final List<String> KHMER =
      lines(
          """
          តើខ្ញុំអាចបើកគណនីធនាគារដោយរបៀបណា
          តើផែនការមូលដ្ឋានមានតម្លៃប៉ុន្មាន
          តើហាងបើកម៉ោងប៉ុន្មាន
          តើខ្ញុំប្តូរពាក្យសម្ងាត់យ៉ាងដូចម្តេច
          តើរដ្ឋធានីនៃប្រទេសបារាំងគឺជាអ្វី
          """);

  private static final List<String> AMHARIC =
      lines(
          """
          የባንክ ሂሳብ እንዴት እከፍታለሁ?
          መሠረታዊው ዕቅድ ስንት ነው?
          ሱቁ መቼ ይከፈታል?
          የይለፍ ቃሌን እንዴት እቀይራለሁ?
          የፈረንሳይ ዋና ከተማ ምንድን ነው?
          """);

  private static final List<String> EMOJI =
      lines(
          """
          🐍
          🦊
          🎻
          🥕
          ☕
          🍵
          🏝️
          👩‍🚀
          👨‍🚀
          👍🏻
          👍🏿
          🇫🇷
          🇩🇪
          ✅
          ❌
          What is the meaning of 🐍?
          What is the meaning of 🦊?
          Is ✅ good?
          Is ❌ good?
          What is ☕?
          What is 🍵?
          What key is ⇧?
          What key is ⇪?
          What note is 𝄞?
          What note is 𝄢?
          How do I type 👍🏻?
          How do I type 👍🏿?
          """);

  private static CacheEngine engine;

  private static List<String> lines(String text) {
    return Arrays.asList(text.strip().split("\n", -1));
  }

  @BeforeAll
  static void start() {
    engine = EmbeddedCache.builder().build();
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  static Stream<Named<List<String>>> streams() {
    String filler = String.join("", THAI).repeat(8);
    return Stream.of(
        Named.of("Thai", THAI),
        Named.of("Lao", LAO),
        Named.of("Burmese", BURMESE),
        Named.of("Khmer", KHMER),
        Named.of("Amharic", AMHARIC),
        Named.of("emoji", EMOJI),
        Named.of("long Thai", List.of(filler + "ก", filler + "ข", "ค" + filler)));
  }

  private static Outcome ask(String script, String question) throws Exception {
    return engine.getOrCompute(
        CacheRequest.builder(Scope.of(script)).model("m").temperature(0).user(question).build(),
        () -> Answer.ofText("the answer to " + question));
  }

  @ParameterizedTest
  @MethodSource("streams")
  void noQuestionGetsTheAnswerOfAnother(List<String> questions) throws Exception {
    String script = "script of " + questions.get(0).codePointAt(0);
    for (String question : questions) {
      assertThat(ask(script, question)).as(question).isInstanceOf(Outcome.Computed.class);
      assertThat(engine.drain(Duration.ofSeconds(30))).isTrue();
    }
    for (String question : questions) {
      assertThat(ask(script, question)).as(question).isInstanceOf(Outcome.ExactHit.class);
    }
  }

  /** In one scope, an emoji is not served the answer to a question in Thai. */
  @Test
  void oneScriptIsNotAnother() throws Exception {
    for (List<String> questions : List.of(THAI, LAO, BURMESE, KHMER, EMOJI)) {
      for (String question : questions.subList(0, 5)) {
        assertThat(ask("all", question)).as(question).isInstanceOf(Outcome.Computed.class);
        assertThat(engine.drain(Duration.ofSeconds(30))).isTrue();
      }
    }
  }
}
