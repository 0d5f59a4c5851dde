"""How an attempt ended. A closed set, stored as data: nobody has to read error texts to count causes."""

from enum import StrEnum


class Outcome(StrEnum):
    ACCEPTED = "accepted"  # answered 2xx
    REFUSED = "refused"  # answered anything else; a redirect is never followed
    TIMED_OUT = "timed_out"  # not answered in full before the deadline
    DNS_FAILED = "dns_failed"
    CONNECTION_FAILED = "connection_failed"
    TLS_FAILED = "tls_failed"
    FORBIDDEN_ADDRESS = "forbidden_address"  # not a public address, or not a URL we deliver to
    INVALID_ANSWER = "invalid_answer"  # not HTTP, or headers without end
    PAYLOAD_FAILED = "payload_failed"  # our own fault: the event could not be put into words
    PENDING = (
        "pending"  # values are about to go out; where it stays so, the process was killed meanwhile
    )
    INTERRUPTED = "interrupted"  # cut off by our own shutdown or loss of the lock; spends no try
