alter table debate_event add trace_id text;
comment on column debate_event.trace_id is 'The trace in which it was decided (W3C Trace Context §3.2.2.3); null where the message named none.';
