alter table debate drop constraint debate_status_check;
alter table debate add constraint debate_status_check
  check (status in ('accepted', 'debating', 'paused', 'judging', 'closed', 'cancelled', 'failed', 'parked'));
