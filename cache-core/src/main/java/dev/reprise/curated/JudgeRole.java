package dev.reprise.curated;

/** What becomes of a question that the judge finds to be answered by a curated entry. */
public enum JudgeRole {
  /** Nothing: the judge is not asked. */
  OFF,
  /** It is proposed, and an administrator approves or rejects it. */
  PROPOSE,
  /** It becomes another wording of the entry, in the scope in which it was asked. */
  ADOPT
}
