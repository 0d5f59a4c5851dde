"""The story of `make demo`: one pursuit from 立项 to 签约成交, told through the public API alone."""
