package dev.reprise.redis;

/** What the server does in one step, in its Lua. Each script is atomic. */
final class RedisScripts {
  /**
   * How long a member stays in a tag's set after its expiry, in milliseconds: five minutes, so that
   * a process whose clock is fast does not take away what another one still serves.
   */
  static final long MARGIN_MILLISECONDS = 5 * 60 * 1_000L;

  /**
   * Adds a member to the sets of its tags, takes expired members out, and lets each set live as
   * long as its last member. ARGV: member, its expiry, now (both in milliseconds since 1970),
   * margin.
   */
  private static final String ADD_TO_TAGS =
      """
      for i = FIRST, LAST do
        redis.call('ZADD', KEYS[i], ARGV[2], ARGV[1])
        redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', string.format('%.0f', ARGV[3] - ARGV[4]))
        local last = redis.call('ZREVRANGE', KEYS[i], 0, 0, 'WITHSCORES')
        if last[2] then
          redis.call('PEXPIRE', KEYS[i], string.format('%.0f', last[2] - ARGV[3] + ARGV[4]))
        end
      end
      """;

  /** Adds a member to the sets of its tags. KEYS: the sets. */
  static final byte[] INDEX =
      RedisKeys.ascii(ADD_TO_TAGS.replace("FIRST", "1").replace("LAST", "#KEYS"));

  /**
   * Adds a member to the sets of its tags, then stores its entry, unless a tag was invalidated
   * since the answer began to be made. KEYS: the entry, the sets, and as many stamps. ARGV goes on:
   * value, milliseconds to live, when it began in microseconds, or -1 where nobody asks. Returns 1
   * if it was stored, otherwise 0.
   */
  static final byte[] STORE =
      RedisKeys.ascii(
          """
          local tags = (#KEYS - 1) / 2
          local began = tonumber(ARGV[7])
          if began >= 0 then
            for i = tags + 2, #KEYS do
              local stamp = redis.call('GET', KEYS[i])
              if stamp and tonumber(stamp) > began then
                return 0
              end
            end
          end
          """
              + ADD_TO_TAGS.replace("FIRST", "2").replace("LAST", "tags + 1")
              + "redis.call('SET', KEYS[1], ARGV[5], 'PX', ARGV[6])\nreturn 1\n");

  /**
   * How long a stamp is kept, in milliseconds: an hour. What took longer to be made is not stored.
   */
  static final long STAMP_MILLISECONDS = 60 * 60 * 1_000L;

  /** Notes when a tag was invalidated, unless it was later. KEYS: the stamp. ARGV: when. */
  static final byte[] STAMP =
      RedisKeys.ascii(
          """
          local stamp = redis.call('GET', KEYS[1])
          if not stamp or tonumber(stamp) < tonumber(ARGV[1]) then
            redis.call('SET', KEYS[1], ARGV[1], 'PX', LIFE)
          end
          return 1
          """
              .replace("LIFE", Long.toString(STAMP_MILLISECONDS)));

  /**
   * Deletes an entry if it has a tag. A set may name an entry that was replaced by one without the
   * tag. KEYS: the entry. ARGV: the tag's mark. Returns 1 if it was deleted, otherwise 0.
   */
  static final byte[] UNLINK_IF_TAGGED =
      RedisKeys.ascii(
          """
          local head = redis.call('GETRANGE', KEYS[1], 0, HEADER - 1)
          if #head < HEADER then
            return 0
          end
          local count = string.byte(head, 2) * 256 + string.byte(head, 3)
          if count == 0 then
            return 0
          end
          local marks = redis.call('GETRANGE', KEYS[1], HEADER, HEADER + SIZE * count - 1)
          for i = 0, count - 1 do
            if string.sub(marks, SIZE * i + 1, SIZE * (i + 1)) == ARGV[1] then
              return redis.call('UNLINK', KEYS[1])
            end
          end
          return 0
          """
              .replace("HEADER", Integer.toString(StoredValue.HEADER_BYTES))
              .replace("SIZE", Integer.toString(RedisKeys.TAG_BYTES)));

  /** {@link #BOARD} answers that the caller leads. */
  static final int BOARD_LEADS = 0;

  /** {@link #BOARD} answers that there is an entry. */
  static final int BOARD_STORED = 1;

  /**
   * Takes the lead, unless another one has it or there is an entry. A second call with the same
   * token leads as well. KEYS: the lead, the entry. ARGV: token, milliseconds to live, 1 if an
   * entry counts. Returns 0 (leads), 1 (there is an entry) or 2 (another one leads).
   */
  static final byte[] BOARD =
      RedisKeys.ascii(
          """
          local leader = redis.call('GET', KEYS[1])
          if leader == ARGV[1] then
            return 0
          end
          if ARGV[3] == '1' and redis.call('GETRANGE', KEYS[2], 0, 0) ~= '' then
            return 1
          end
          if leader then
            return 2
          end
          redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
          return 0
          """);

  /** Keeps a lead, or takes it back where nobody has it. KEYS: the lead. ARGV: token, life. */
  static final byte[] RENEW =
      RedisKeys.ascii(
          """
          local leader = redis.call('GET', KEYS[1])
          if leader and leader ~= ARGV[1] then
            return 0
          end
          redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
          return 1
          """);

  /** Gives a lead up, and publishes how it ended. KEYS: the lead. ARGV: token, channel, message. */
  static final byte[] END =
      RedisKeys.ascii(
          """
          if redis.call('GET', KEYS[1]) == ARGV[1] then
            redis.call('UNLINK', KEYS[1])
          end
          return redis.call('PUBLISH', ARGV[2], ARGV[3])
          """);

  private RedisScripts() {}
}
