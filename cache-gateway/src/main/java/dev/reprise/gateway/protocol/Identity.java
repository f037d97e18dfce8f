package dev.reprise.gateway.protocol;

/**
 * What differs from call to call in a provider's answer.
 *
 * @param id the answer's identifier
 * @param created when it was made, in seconds since 1970
 */
public record Identity(String id, long created) {}
