-- Moving in from another newsletter system.

-- What that system's export says of how a subscription came about, as it says it: `from`, `joinedAt`, `optInAt`, `optInIp`, `confirmedAt`,
-- `confirmIp`, `left`, `leftAt`, `leftReason`, `adConsent`, and `movedAt`, when it was written here. Kept as proof; nothing acts on it.
alter table subscriptions add column evidence jsonb;
