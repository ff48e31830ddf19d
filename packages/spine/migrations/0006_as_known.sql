-- A tick that goes on from what its process remembers writes without reading first. What it takes for granted is
-- checked by the same statement, which fails as a whole where it does not hold.
create function as_known(holds boolean) returns boolean language plpgsql as $$
begin
  if not holds then
    raise exception 'a stream or a lease is no longer as this process knows it' using errcode = 'PRLY1';
  end if;
  return true;
end $$;
comment on function as_known is 'True, or the end of the statement.';
