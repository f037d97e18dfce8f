/**
 * What administrators see and change: entries, decisions, statistics, and the dashboard.
 *
 * <p>Internal: the gateway is an application, and this package may change at any time.
 */
@NullMarked
package dev.reprise.gateway.admin;

import org.jspecify.annotations.NullMarked;
