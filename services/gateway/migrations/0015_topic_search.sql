alter table debate add column topic_folded text;
comment on column debate.topic_folded is 'The topic in lower case, to be searched: "lower" of a database with locale C knows ASCII only. Null in rows of older builds.';
