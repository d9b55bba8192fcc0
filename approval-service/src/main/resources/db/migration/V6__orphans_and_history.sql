-- Notices that were written down for an endpoint in the moment of its deletion: nobody sees or deletes them. From here on
-- each delivery belongs to an endpoint that there is.
alter table webhook_endpoint no force row level security;
alter table webhook_delivery no force row level security;
alter table webhook_attempt no force row level security;
delete from webhook_attempt a where not exists (
    select from webhook_delivery d join webhook_endpoint e using (client_id, endpoint_id)
    where d.client_id = a.client_id and d.delivery_id = a.delivery_id);
delete from webhook_delivery d where not exists (
    select from webhook_endpoint e where e.client_id = d.client_id and e.endpoint_id = d.endpoint_id);
alter table webhook_delivery add foreign key (client_id, endpoint_id) references webhook_endpoint;
alter table webhook_attempt force row level security;
alter table webhook_delivery force row level security;
alter table webhook_endpoint force row level security;

-- What somebody asked for, and what somebody decided or voted on, among a client's many approvals.
create index approval_by_requester on approval (client_id, requester, created_at desc, approval_id desc);
create index approval_by_decider on approval (client_id, decided_by, approval_id) where decided_by is not null;
create index approval_vote_by_voter on approval_vote (client_id, voter, approval_id);
