-- The values null, true and false before and after a change have tags of their own in the audit index. An index of the
-- earlier form would be taken for damaged, so every index is emptied: the notifier writes it anew, and questions are
-- answered from the log itself meanwhile. The reader goes first: whoever is writing a block holds its row.
DELETE FROM genjin.event_tag_reader;
TRUNCATE genjin.event_tag, genjin.event_tag_check, genjin.event_tag_halt;
