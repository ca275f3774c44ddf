--
-- PostgreSQL database dump
--


-- Dumped from database version 18.6
-- Dumped by pg_dump version 18.6

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: journal_refuse(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.journal_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$BEGIN RAISE EXCEPTION 'the journal is append-only'; END$$;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: alembic_version; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);


--
-- Name: deals; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.deals (
    id text NOT NULL COLLATE pg_catalog."C",
    process text NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL,
    digest text NOT NULL COLLATE pg_catalog."C",
    stage text NOT NULL COLLATE pg_catalog."C",
    previous text NOT NULL COLLATE pg_catalog."C",
    outcome text NOT NULL COLLATE pg_catalog."C",
    owner text NOT NULL COLLATE pg_catalog."C",
    started_at timestamp with time zone NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    length integer NOT NULL,
    forgotten boolean NOT NULL,
    more text NOT NULL
);


--
-- Name: definitions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.definitions (
    digest text NOT NULL COLLATE pg_catalog."C",
    process text NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL,
    files text NOT NULL
);


--
-- Name: entries; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.entries (
    id bigint NOT NULL,
    deal text NOT NULL COLLATE pg_catalog."C",
    sequence integer NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    happened_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    process text NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL,
    digest text NOT NULL COLLATE pg_catalog."C",
    track text NOT NULL COLLATE pg_catalog."C",
    action text NOT NULL COLLATE pg_catalog."C",
    from_stage text NOT NULL COLLATE pg_catalog."C",
    to_stage text NOT NULL COLLATE pg_catalog."C",
    outcome text NOT NULL COLLATE pg_catalog."C",
    reason text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C",
    deviating boolean NOT NULL,
    undated boolean NOT NULL,
    payload bytea NOT NULL,
    hash bytea NOT NULL
);


--
-- Name: entries_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.entries_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: entries_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.entries_id_seq OWNED BY public.entries.id;


--
-- Name: meta; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.meta (
    name text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: payloads; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.payloads (
    id bigint NOT NULL,
    salt bytea,
    body text
);


--
-- Name: entries id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.entries ALTER COLUMN id SET DEFAULT nextval('public.entries_id_seq'::regclass);


--
-- Data for Name: alembic_version; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.alembic_version VALUES ('0001');


--
-- Data for Name: deals; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.deals VALUES ('Ärger', 'inside-sales', 2, '3aef329437bbe918a67be819c38485301309bbeb49a6b8b271e2da26dec7dccc', 'qualified', 'prospect', '', 'bo', '2026-03-02 09:00:00+00', '2026-03-04 00:00:00+00', '2026-03-04 00:00:00+00', NULL, 3, false, '{"visited":["lost","prospect","qualified"],"facts":{"amount":{"n":"60000"},"qualified_on":{"d":"2026-03-04"}},"actions":{"lose":[1,"2026-03-03T00:00:00.000000+00:00"],"reopen":[1,"2026-03-04T00:00:00.000000+00:00"]}}');
INSERT INTO public.deals VALUES ('old-1', 'inside-sales', 2, '3aef329437bbe918a67be819c38485301309bbeb49a6b8b271e2da26dec7dccc', 'won', 'demo', 'won', '', '2025-01-01 23:00:00+00', '2025-01-31 23:00:00+00', '2025-01-31 23:00:00+00', '2025-01-31 23:00:00+00', 3, false, '{"visited":["demo","prospect","won"],"facts":{"amount":{"n":"5000"},"qualified_on":{"d":"2025-01-03"}}}');
INSERT INTO public.deals VALUES ('old-2', 'inside-sales', 2, '3aef329437bbe918a67be819c38485301309bbeb49a6b8b271e2da26dec7dccc', 'lost', 'prospect', 'lost', '', '2025-01-01 23:00:00+00', '2026-11-25 20:23:44.737923+00', '2026-11-25 20:23:44.737923+00', '2026-11-25 20:23:44.737923+00', 2, false, '{"visited":["lost","prospect"],"facts":{"amount":{"n":"700"}},"actions":{"lose":[1,"2026-11-25T20:23:44.737923+00:00"]},"undated":["closed","entered"]}');
INSERT INTO public.deals VALUES ('gone', 'inside-sales', 2, '3aef329437bbe918a67be819c38485301309bbeb49a6b8b271e2da26dec7dccc', 'prospect', '', '', '', '2026-03-02 09:00:00+00', '2026-03-02 09:00:00+00', '2026-03-03 09:00:00+00', NULL, 2, true, '{"visited":["prospect"]}');
INSERT INTO public.deals VALUES ('acme', 'inside-sales', 2, '3aef329437bbe918a67be819c38485301309bbeb49a6b8b271e2da26dec7dccc', 'won', 'negotiation', 'won', 'ana', '2026-03-02 09:00:00+00', '2026-03-10 00:00:00+00', '2026-03-10 00:00:00+00', '2026-03-10 00:00:00+00', 11, false, '{"visited":["demo","negotiation","proposal","prospect","qualified","won"],"tracks":{"legal":"in-review"},"facts":{"amount":{"n":"9000"},"budget_confirmed":true,"contact_role":"champion","decision_date":{"d":"2026-04-01"},"discount":{"n":"0.2"},"qualified_on":{"d":"2026-03-03"},"signed_on":{"d":"2026-03-10"}},"touches":{"call":[1,"2026-03-03T09:00:00.000000+00:00"],"demo":[1,"2026-03-04T09:00:00.000000+00:00"],"email":[1,"2026-03-07T00:00:00.000000+00:00"],"meeting":[1,"2026-03-08T00:00:00.000000+00:00"]},"actions":{"hold-demo":[1,"2026-03-04T09:00:00.000000+00:00"],"negotiate":[1,"2026-03-08T00:00:00.000000+00:00"],"qualify":[1,"2026-03-03T09:00:00.000000+00:00"],"send-proposal":[1,"2026-03-06T10:00:00.000000+00:00"],"sign":[1,"2026-03-10T00:00:00.000000+00:00"],"submit-contract":[1,"2026-03-06T11:00:00.000000+00:00"]}}');


--
-- Data for Name: definitions; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.definitions VALUES ('3aef329437bbe918a67be819c38485301309bbeb49a6b8b271e2da26dec7dccc', 'inside-sales', 2, '[["processes/inside-sales/2.yaml","# yaml-language-server: $schema=../../schemas/process.json\n# Who can buy is found out before the demo, and the budget before the offer.\nprocess: inside-sales\nversion: 2\ntitle: Inside sales of yearly subscriptions\nbecause: In version 1 four of ten demos were held with people who could not buy.\ntime_zone: Europe/Berlin                  # `today` is reckoned here\ncurrency: EUR\nuses: {qualification: 1}                  # rules/qualification/1.yaml: its rules, facts and reasons\nfollows:                                  # what became of version 1; what keeps its id needs no line\n  version: 1\n  stages: {interested: qualified}\n  actions: {mark-interested: qualify}\n  facts: {rebate: discount}\n\nroles: {sdr: [], ae: [sdr], manager: [ae]}      # an ae may do what an sdr may\nby: [ae]                                        # who may act where an action does not say\noverride: {by: [manager]}\ntouchpoints: [call, email, demo, meeting]\ngroups: {early: [prospect, qualified]}          # usable wherever stages are listed\n\nfacts:\n  amount:        {type: money, title: Yearly value}\n  discount:      {type: percent, default: 0%}\n  contact_role:  {type: choice, of: [user, champion, economic-buyer]}\n  decision_date: {type: date}\n  competitor:    {type: text}\n  signed_on:     {type: date}\n  qualified_on:  {type: date}\n  export_hold:   {type: yes-no, default: false}\n\nstages:                                   # in the order of the pipeline; a deal starts in the first\n  prospect:    {probability: 5%, target: 3d, alert: 14d, asks: [amount]}\n  qualified:\n    probability: 20%\n    target: 7d\n    alert: 21d\n    stamps: {qualified_on: today}         # once, on first reaching this stage or, if skipped, a later one\n  demo:\n    probability: 40%\n    target: 10d\n    alert: 30d\n    to_pass:                              # to move forward from here, or over it\n      - must: contact_role in [\"champion\", \"economic-buyer\"]\n        says: Someone who can decide has seen the demo\n        fix: Meet the champion or the economic buyer, then record contact_role.\n  proposal:    {probability: 60%, target: 14d, alert: 30d, to_enter: [budget-known]}\n  negotiation: {probability: 80%, target: 10d, alert: 21d}\n  won:         {ends: won}\n  lost:        {ends: lost}\n  unqualified: {ends: other}              # left out of the win rate\n\nactions:\n  qualify:\n    from: prospect\n    to: qualified\n    by: [sdr]\n    touchpoint: call                      # doing it is a contact with the customer\n    asks: [contact_role]                  # must be known; may be given with the move\n    reasons:\n      need-confirmed: The prospect named the need\n      referral: A customer vouched for them\n  disqualify:\n    from: early\n    to: unqualified\n    reasons: {no-need: They have no need, no-budget: They have no budget}\n  hold-demo: {from: qualified, to: demo, touchpoint: demo}\n  send-proposal:\n    from: demo\n    to: proposal\n    requires:\n      - when: discount > 10%              # applies only then\n        must: given(decision_date)\n        says: A discount needs a date of decision\n        fix: Ask when they will decide, then record decision_date.\n  negotiate: {from: proposal, to: negotiation, touchpoint: meeting}\n  sign:\n    from: negotiation\n    to: won\n    approval: [{by: manager, when: discount > 15%, says: More than 15% off needs a manager, lasts: 14d}]\n    sets: {signed_on: today}              # an expression, reckoned every time\n  lose:\n    from: open                            # every stage that is no end\n    to: lost\n    reasons: loss                         # a list shared through the rule set\n    asks: [{note: reason == \"other\" or amount >= 25000}, {competitor: reason == \"competitor\"}]\n  step-back: {from: open, to: earlier, by: [manager], asks: [note]}\n  reopen: {from: lost, to: qualified, by: [manager]}\n\nalways:\n  - must: not export_hold\n    says: Export control has not frozen this deal\n    fix: Ask export control to release it, then record export_hold as false.\n\nclocks:\n  stale: {in: early, when: amount < 50000, idle: 60d, warn: 30d, activity: [decision_date], then: lose, reason: no-decision}\n\ntracks:\n  legal:\n    stages: {not-started: {}, in-review: {}, approved: {}}\n    actions:\n      submit-contract: {from: not-started, to: in-review, requires: [{must: reached(\"proposal\"), says: There is a proposal}]}\n      approve-contract: {from: in-review, to: approved, by: [manager]}\n\nmetrics:\n  win_rate:      {type: ratio, numerator: won, denominator: closed, by: closed_at, where: reached(\"qualified\")}\n  close_rate:    {type: ratio, numerator: {count: won, by: closed_at}, denominator: {count: reached(\"qualified\"), by: qualified_on}}\n  weighted:      {type: sum, of: amount * probability, where: open}\n  demo_to_won:   {type: conversion, from: demo, to: won, within: 90d}\n  proposal_time: {type: dwell, stage: proposal, stats: [p50, p90]}\n  first_contact: {type: elapsed, from: started, to: {touchpoint: [call, email]}}\n\nexamples:\n  a-usual-win:\n    title: A champion with budget buys\n    facts: {amount: 9000}\n    moves:\n      - qualify: {reason: need-confirmed, facts: {contact_role: champion}, after: 2d, role: sdr}\n      - hold-demo: {after: 5d}\n      - touch: call\n      - record: {budget_confirmed: true}\n      - send-proposal\n      - submit-contract\n      - approve-contract\n      - negotiate: {after: 7d}\n      - sign: {stage: won}\n  a-user-is-not-enough:\n    title: A demo seen by a user only leads to no proposal\n    facts: {amount: 9000, budget_confirmed: true}\n    moves:\n      - qualify: {reason: referral, facts: {contact_role: user}}\n      - hold-demo\n      - send-proposal: {refused: [demo/to_pass/1]}\n      - record: {contact_role: economic-buyer}\n      - send-proposal: {stage: proposal}\n  no-budget-no-proposal:\n    title: Every requirement that fails is told, not only the first\n    facts: {amount: 900}\n    moves:\n      - qualify: {reason: need-confirmed, facts: {contact_role: user}}\n      - hold-demo\n      - send-proposal: {facts: {discount: 12%}, refused: [demo/to_pass/1, send-proposal/requires/1, budget-known]}\n      - send-proposal: {role: manager, override: true, note: Signed off by the board, stage: proposal}\n  a-large-discount:\n    title: More than 15% off waits for a manager\n    facts: {amount: 30000, budget_confirmed: true}\n    moves:\n      - qualify: {reason: need-confirmed, facts: {contact_role: champion}}\n      - hold-demo\n      - send-proposal: {facts: {discount: 20%, decision_date: 2027-03-31}}\n      - negotiate\n      - sign: {refused: [sign/approval/1]}\n      - approve: {action: sign, role: manager}\n      - sign: {stage: won}\n  lost-and-won-back:\n    title: A loss has a reason, a large one a note; a manager may open it again\n    facts: {amount: 30000}\n    moves:\n      - lose: {reason: price, refused: [asks]}\n      - lose: {reason: price, note: They wanted half the price, stage: lost}\n      - reopen: {role: ae, refused: [role]}\n      - reopen: {role: manager, stage: qualified}\n      - step-back: {to: prospect, role: manager, note: The need has to be named first, stage: prospect}\n  not-for-us:\n    title: A prospect without need is left out of the win rate\n    facts: {amount: 9000}\n    moves:\n      - disqualify: {refused: [reason]}\n      - disqualify: {reason: no-need, stage: unqualified}\n  frozen:\n    title: Nothing moves while export control holds the deal, not even with an override\n    facts: {amount: 9000}\n    moves:\n      - record: {export_hold: true}\n      - qualify: {reason: need-confirmed, facts: {contact_role: champion}, role: manager, override: true, refused: [always/1]}\n"],["rules/qualification/1.yaml","# yaml-language-server: $schema=../../schemas/ruleset.json\n# What makes a prospect worth an offer, and why deals are lost. Used by inside-sales from version 2 on.\nruleset: qualification\nversion: 1\ntitle: Budget, and reasons for a loss\n\nfacts:                                    # a process that uses this rule set has them\n  amount:           {type: money, title: Yearly value}\n  budget_confirmed: {type: yes-no, title: The budget is confirmed}\n\nreasons:\n  loss:\n    price: Too expensive\n    competitor: {title: Went to a competitor, group: market}\n    no-need: {title: The need went away, group: market}\n    no-decision: No decision was taken\n    other: Something else\n\nrules:\n  budget-known:\n    must: budget_confirmed and amount >= 5000\n    says: The budget is confirmed and covers the smallest plan\n    fix: Ask for the yearly budget, then record amount and budget_confirmed.\n    examples:\n      pass:\n        - {budget_confirmed: true, amount: 9000}\n        - {budget_confirmed: true, amount: 5000}\n      refuse:\n        - {budget_confirmed: true, amount: 100}\n        - {budget_confirmed: false, amount: 9000}\n        - {amount: 9000}\n        - {}\n"]]');


--
-- Data for Name: entries; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.entries VALUES (1, 'acme', 1, 'started', '2026-03-02 09:00:00+00', '2026-11-25 20:23:43.467013+00', 'inside-sales', 2, '3aef329437bbe918a67be819c38485301309bbeb49a6b8b271e2da26dec7dccc', 'main', '', '', 'prospect', '', '', 'first', false, false, '\xcd86a73a716514573d4e21fc418fdf44e87e90b7dfa541c28245253fbebb387c', '\x562259faa1bef6d1759cff608883701c60b88459eeb61cce8d0e36f4cb947b43');
INSERT INTO public.entries VALUES (2, 'acme', 2, 'moved', '2026-03-03 09:00:00+00', '2026-11-25 20:23:43.796683+00', 'inside-sales', 2, '3aef329437bbe918a67be819c38485301309bbeb49a6b8b271e2da26dec7dccc', 'main', 'qualify', 'prospect', 'qualified', '', 'need-confirmed', '', false, false, '\x2176cfe4583bff5687120f0d21f3e90d0630000db6e7d0ad3c014efecc719951', '\x6fcef918ab375604c2fbf896d1edec9d4d6d29bd7a562868f609287c4f0be082');
INSERT INTO public.entries VALUES (3, 'acme', 3, 'moved', '2026-03-04 09:00:00+00', '2026-11-25 20:23:43.869235+00', 'inside-sales', 2, '3aef329437bbe918a67be819c38485301309bbeb49a6b8b271e2da26dec7dccc', 'main', 'hold-demo', 'qualified', 'demo', '', '', 'demo', false, false, '\x416849f45e7e46cfce2da821abb6eff02476fca5157538020c7dfde1e4090876', '\x1bea30fea94b786e116c15261e86f3ac02dfe17c6fc776784d460ae3359ef86b');
INSERT INTO public.entries VALUES (4, 'acme', 4, 'refused', '2026-03-05 09:00:00+00', '2026-11-25 20:23:43.926892+00', 'inside-sales', 2, '3aef329437bbe918a67be819c38485301309bbeb49a6b8b271e2da26dec7dccc', 'main', 'send-proposal', 'demo', 'proposal', '', '', '', false, false, '\xa725c806de153b610a03b0642d41bbadf1e91ed186eb3235da046ad0036a4838', '\x7b47a61163d3ec9f792111e88e24d8b6ca4fa765b8be69dadc3c276c57fe6599');
INSERT INTO public.entries VALUES (5, 'acme', 5, 'recorded', '2026-03-06 00:00:00+00', '2026-11-25 20:23:43.994276+00', 'inside-sales', 2, '3aef329437bbe918a67be819c38485301309bbeb49a6b8b271e2da26dec7dccc', 'main', '', '', '', '', '', '', false, false, '\xbf50e99b4b9586147fb08db9d117e14210e9ed3b7fed545df0a69d28f05d3d1d', '\x039c827a952b9d20631d2e3a41da2358b85e9f1859428f6a8f35725afe9e9ab2');
INSERT INTO public.entries VALUES (6, 'acme', 6, 'moved', '2026-03-06 10:00:00+00', '2026-11-25 20:23:44.048569+00', 'inside-sales', 2, '3aef329437bbe918a67be819c38485301309bbeb49a6b8b271e2da26dec7dccc', 'main', 'send-proposal', 'demo', 'proposal', '', '', '', false, false, '\x68ff3f55e833196c8c146d1bf71d40b9a7829be7de805fbeef0f84be6d2e7f48', '\xc11fe27b1e17a3d4ea72b49b4bbadeb85a8772966f085cceb9a786f71bd245de');
INSERT INTO public.entries VALUES (7, 'acme', 7, 'moved', '2026-03-06 11:00:00+00', '2026-11-25 20:23:44.123024+00', 'inside-sales', 2, '3aef329437bbe918a67be819c38485301309bbeb49a6b8b271e2da26dec7dccc', 'legal', 'submit-contract', 'not-started', 'in-review', '', '', '', false, false, '\x639951eba38c8d32ed25c63d06d93f07c26fe36a91b08bab8f514fb0f583859c', '\xa525bee5bcf060b7da87c3d2ae626f443a9eb860096de19f132c519d03763087');
INSERT INTO public.entries VALUES (8, 'acme', 8, 'touched', '2026-03-07 00:00:00+00', '2026-11-25 20:23:44.185936+00', 'inside-sales', 2, '3aef329437bbe918a67be819c38485301309bbeb49a6b8b271e2da26dec7dccc', 'main', '', '', '', '', '', '', false, false, '\xc65eca82b9a79535675bd4171c6eecb167179a7537a39863707a5004305ed1dd', '\x019f97085eee0c7377f4876c3b3b92a288fdf8bf41d196059a5cb00852282ee3');
INSERT INTO public.entries VALUES (9, 'acme', 9, 'moved', '2026-03-08 00:00:00+00', '2026-11-25 20:23:44.231168+00', 'inside-sales', 2, '3aef329437bbe918a67be819c38485301309bbeb49a6b8b271e2da26dec7dccc', 'main', 'negotiate', 'proposal', 'negotiation', '', '', '', false, false, '\x13bb3d3383745cf1b281c0940d56d6dd3676b8c30ea8fbab5b8d3df867db18ca', '\x6eba3c874ccafd95a86ae291167a034ab88132205e06eab330b1d8222bc17496');
INSERT INTO public.entries VALUES (10, 'acme', 10, 'approved', '2026-03-09 00:00:00+00', '2026-11-25 20:23:44.300102+00', 'inside-sales', 2, '3aef329437bbe918a67be819c38485301309bbeb49a6b8b271e2da26dec7dccc', 'main', 'sign', '', '', '', '', '', false, false, '\xa905e3b7c63753763704bf5304bb0b964f4b00fa07a213874ab737628c451866', '\x1915ae03b4e8188186c970323e79864db3594ed59a97a8f9574f348853fd7d88');
INSERT INTO public.entries VALUES (11, 'acme', 11, 'moved', '2026-03-10 00:00:00+00', '2026-11-25 20:23:44.355281+00', 'inside-sales', 2, '3aef329437bbe918a67be819c38485301309bbeb49a6b8b271e2da26dec7dccc', 'main', 'sign', 'negotiation', 'won', 'won', '', '', false, false, '\xcb7e4234473b989f318fac5e773fdd85d314f065d1d33e019b0843263332be0c', '\x0a058d6321eb4aff138a9310bb620753dac4b34836df5d5b132459e684786617');
INSERT INTO public.entries VALUES (12, 'Ärger', 1, 'started', '2026-03-02 09:00:00+00', '2026-11-25 20:23:44.41186+00', 'inside-sales', 2, '3aef329437bbe918a67be819c38485301309bbeb49a6b8b271e2da26dec7dccc', 'main', '', '', 'prospect', '', '', '', false, false, '\x5d72130dfd01b05b790d2aa1fb81f76587f398d9e1d0dcd76a94b0656f37a3fc', '\x5f0a1b92cbf985d4e259a6071e991827540a07335d05447ad1c756360eaa0238');
INSERT INTO public.entries VALUES (13, 'Ärger', 2, 'moved', '2026-03-03 00:00:00+00', '2026-11-25 20:23:44.471487+00', 'inside-sales', 2, '3aef329437bbe918a67be819c38485301309bbeb49a6b8b271e2da26dec7dccc', 'main', 'lose', 'prospect', 'lost', 'lost', 'price', '', false, false, '\x9b547905dda3e8df2a9d9abef66f97a871d70859d27305481966353345c66e02', '\x6d1d1ec7f98ca1780e5d1d796244e7eb0722bc406e83ceb5fbfbad1b7f47a043');
INSERT INTO public.entries VALUES (14, 'Ärger', 3, 'moved', '2026-03-04 00:00:00+00', '2026-11-25 20:23:44.546134+00', 'inside-sales', 2, '3aef329437bbe918a67be819c38485301309bbeb49a6b8b271e2da26dec7dccc', 'main', 'reopen', 'lost', 'qualified', '', '', '', false, false, '\x2fdc807eaffd9bc24bc74dd4efd97a259e501650d1745243491fd04b8a5c7dae', '\x7c84773492d4add5be7bd699d1ce006774ae6a3aa11a847dd98206250fd7127c');
INSERT INTO public.entries VALUES (15, 'gone', 1, 'started', '2026-03-02 09:00:00+00', '2026-11-25 20:23:44.613252+00', 'inside-sales', 2, '3aef329437bbe918a67be819c38485301309bbeb49a6b8b271e2da26dec7dccc', 'main', '', '', 'prospect', '', '', '', false, false, '\xe46b7760d43dcbf80bc0fc4afcd82868dd68709fdeb13e3b63dee23dbded6f71', '\x47f8793fb825e8813cb0c4bab633b7ea0831589464f35b8c52284a023dc645d8');
INSERT INTO public.entries VALUES (16, 'gone', 2, 'touched', '2026-03-03 09:00:00+00', '2026-11-25 20:23:44.673587+00', 'inside-sales', 2, '3aef329437bbe918a67be819c38485301309bbeb49a6b8b271e2da26dec7dccc', 'main', '', '', '', '', '', '', false, false, '\xbb3b8df2888f56cbb930cb0a253cb624b3460a992ac9a2203474f9a94b8d02ac', '\x94a37d67ecfd039ff6c8f5c0ae5d0d76bb4c64d22aa8e1ee1df31484b9fb09e0');
INSERT INTO public.entries VALUES (17, 'old-1', 1, 'started', '2025-01-01 23:00:00+00', '2026-11-25 20:23:44.737923+00', 'inside-sales', 2, '3aef329437bbe918a67be819c38485301309bbeb49a6b8b271e2da26dec7dccc', 'main', '', '', 'prospect', '', '', 'import:past:1:old-1', false, false, '\x6a23280451db62a31b70b8788a7aa7375fb51199a443a1176163ff9ec0f99807', '\x446e75472982887f166545a263058cf5347d2a9b1eb5c79f9904656d67cbf31a');
INSERT INTO public.entries VALUES (18, 'old-1', 2, 'moved', '2025-01-02 23:00:00+00', '2026-11-25 20:23:44.737923+00', 'inside-sales', 2, '3aef329437bbe918a67be819c38485301309bbeb49a6b8b271e2da26dec7dccc', 'main', '', 'prospect', 'demo', '', '', 'import:past:2', true, false, '\x7bdd7731e678ccdfe2d8edf49b6c83d089e71a3cbbc715d6914370cc994ae675', '\x53d3cdd1baa757b488d3f2e413f2c6b97f7879939813065af410da59abfae84c');
INSERT INTO public.entries VALUES (19, 'old-1', 3, 'moved', '2025-01-31 23:00:00+00', '2026-11-25 20:23:44.737923+00', 'inside-sales', 2, '3aef329437bbe918a67be819c38485301309bbeb49a6b8b271e2da26dec7dccc', 'main', '', 'demo', 'won', 'won', '', 'import:past:3', true, false, '\xfa47116b9cd83fb803d14af6df114f08988ce4310dfe64dd6e889d0419df2314', '\x92ad27868ee61fff4130879d8fab3f2244bbf1194f849c9bb9ccb7afc736421d');
INSERT INTO public.entries VALUES (20, 'old-2', 1, 'started', '2025-01-01 23:00:00+00', '2026-11-25 20:23:44.737923+00', 'inside-sales', 2, '3aef329437bbe918a67be819c38485301309bbeb49a6b8b271e2da26dec7dccc', 'main', '', '', 'prospect', '', '', 'import:past:1:old-2', false, false, '\xecfe097dc4d023c56bac68ecf9cb69666ae922aecc2852bc37b720b9bad5410e', '\x9ec22335a46403d6b3f5e9475999c87d7eef25ad6b6e3733dfc7e39eb3e2c26c');
INSERT INTO public.entries VALUES (21, 'old-2', 2, 'moved', '2026-11-25 20:23:44.737923+00', '2026-11-25 20:23:44.737923+00', 'inside-sales', 2, '3aef329437bbe918a67be819c38485301309bbeb49a6b8b271e2da26dec7dccc', 'main', 'lose', 'prospect', 'lost', 'lost', '', 'import:past:2', false, true, '\xfc0270810baa9f0c59e5b2a09f23c32166bf3fa2d7f80d33fb2fcf078e0b7245', '\x1e124af4f77f9a2377dd15b9fd7f6be58179202429246e4af2108bc1b18b3409');


--
-- Data for Name: meta; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.meta VALUES ('journal', '87c7b2b7bc0d3c5c9a999f816c37df40');
INSERT INTO public.meta VALUES ('chain', 'sha256/1');


--
-- Data for Name: payloads; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.payloads VALUES (1, '\xf6830b48c4d6901186319cd3f85c1e9868a6797669de484db743d7ad8317dbc7', '{"actor":"ana","role":"ae","owner":"ana","facts":{"amount":{"n":"9000"}},"verdicts":[["prospect/asks/amount","asks","passed","''amount'' is known (Yearly value)","must","","",[],[],"",[["given(amount)",true,[["amount",{"n":"9000"}]]]]],["always/1","always","passed","Export control has not frozen this deal","must","","",[],[],"",[["not export_hold",true,[["export_hold",false]]]]]]}');
INSERT INTO public.payloads VALUES (2, '\xf17369ca1332074a14a358e2dd826ff927d442613434717e9969b5b05a9f46d5', '{"actor":"ana","role":"sdr","touchpoint":"call","facts":{"contact_role":"champion","qualified_on":{"d":"2026-03-03"}},"verdicts":[["qualify/role","role","passed","''qualify'' is done by sdr","must","","",[],[],"",[["actor.role",true,[["actor.role","sdr"]]]]],["qualify/reason","reason","passed","''qualify'' is done for a reason from its list","must","","",[],[],"",[["reason",true,[["reason","need-confirmed"]]]]],["qualify/asks/contact_role","asks","passed","''contact_role'' is known","must","","",[],[],"",[["given(contact_role)",true,[["contact_role","champion"]]]]],["always/1","always","passed","Export control has not frozen this deal","must","","",[],[],"",[["not export_hold",true,[["export_hold",false]]]]]]}');
INSERT INTO public.payloads VALUES (3, '\x7f1aebff41ad7b19f33ab03a54d4ceee8cd1a87246e3da5bfdc1db3fe3076701', '{"actor":"ana","role":"ae","touchpoint":"demo","verdicts":[["hold-demo/role","role","passed","''hold-demo'' is done by ae","must","","",[],[],"",[["actor.role",true,[["actor.role","ae"]]]]],["always/1","always","passed","Export control has not frozen this deal","must","","",[],[],"",[["not export_hold",true,[["export_hold",false]]]]]]}');
INSERT INTO public.payloads VALUES (4, '\xefb8b24584fd299ef9db97343cfb7eb577163e0083e20a090be62b1029c04609', '{"actor":"ana","role":"ae","verdicts":[["send-proposal/role","role","passed","''send-proposal'' is done by ae","must","","",[],[],"",[["actor.role",true,[["actor.role","ae"]]]]],["demo/to_pass/1","to_pass","passed","Someone who can decide has seen the demo","must","","",[],[],"",[["contact_role in [\"champion\", \"economic-buyer\"]",true,[["contact_role","champion"]]]]],["budget-known","to_enter","unknown","The budget is confirmed and covers the smallest plan","must","record budget_confirmed","Ask for the yearly budget, then record amount and budget_confirmed.",["ae","manager"],["budget_confirmed"],"qualification@1/budget-known",[["budget_confirmed and amount >= 5000",null,[],0,"all"],["budget_confirmed",null,[["budget_confirmed",null]],1,""],["amount >= 5000",true,[["amount",{"n":"9000"}]],1,""]]],["always/1","always","passed","Export control has not frozen this deal","must","","",[],[],"",[["not export_hold",true,[["export_hold",false]]]]]]}');
INSERT INTO public.payloads VALUES (5, '\x682dd35ce65728ba08bea4f58b87d768f029f9fdd8fd135786fb108fc6dd94ea', '{"actor":"ana","facts":{"budget_confirmed":true,"decision_date":{"d":"2026-04-01"},"discount":{"n":"0.2"}}}');
INSERT INTO public.payloads VALUES (6, '\xdf7c9a0a14c1e72f46381e350704c8c97b31c2caee8d614b8946adcfadea7b78', '{"actor":"ana","role":"ae","verdicts":[["send-proposal/role","role","passed","''send-proposal'' is done by ae","must","","",[],[],"",[["actor.role",true,[["actor.role","ae"]]]]],["demo/to_pass/1","to_pass","passed","Someone who can decide has seen the demo","must","","",[],[],"",[["contact_role in [\"champion\", \"economic-buyer\"]",true,[["contact_role","champion"]]]]],["send-proposal/requires/1","requires","passed","A discount needs a date of decision","must","","",[],[],"",[["given(decision_date)",true,[["decision_date",{"d":"2026-04-01"}]]]]],["budget-known","to_enter","passed","The budget is confirmed and covers the smallest plan","must","","",[],[],"qualification@1/budget-known",[["budget_confirmed and amount >= 5000",true,[],0,"all"],["budget_confirmed",true,[["budget_confirmed",true]],1,""],["amount >= 5000",true,[["amount",{"n":"9000"}]],1,""]]],["always/1","always","passed","Export control has not frozen this deal","must","","",[],[],"",[["not export_hold",true,[["export_hold",false]]]]]]}');
INSERT INTO public.payloads VALUES (7, '\x8756aff8b03764758e363397fc7c1baa4c1df00a0e9bf62430a2bf4c0eb37f5f', '{"actor":"ana","role":"ae","verdicts":[["submit-contract/role","role","passed","''submit-contract'' is done by ae","must","","",[],[],"",[["actor.role",true,[["actor.role","ae"]]]]],["submit-contract/requires/1","requires","passed","There is a proposal","must","","",[],[],"",[["reached(\"proposal\")",true,[["reached(\"proposal\")",true]]]]]]}');
INSERT INTO public.payloads VALUES (8, '\xf00f24bfd3c1d210f6ef5a8fface0bef75bc5bcb7763c928ed64b4b2108f2b8f', '{"actor":"bo","role":"ae","touchpoint":"email"}');
INSERT INTO public.payloads VALUES (9, '\x83cb123adb97e6af65125b372625954b10b2192763e1221ad4b3f44c11c1e318', '{"actor":"ana","role":"ae","touchpoint":"meeting","verdicts":[["negotiate/role","role","passed","''negotiate'' is done by ae","must","","",[],[],"",[["actor.role",true,[["actor.role","ae"]]]]],["always/1","always","passed","Export control has not frozen this deal","must","","",[],[],"",[["not export_hold",true,[["export_hold",false]]]]]]}');
INSERT INTO public.payloads VALUES (10, '\x23376fce9f544c7fb064744e6419f8bb6c46655f21adcb74f2d16feff4aa5b1e', '{"actor":"max","role":"manager","approval":"sign/approval/1"}');
INSERT INTO public.payloads VALUES (11, '\x2eb61c16b97dc2742b2a1caa804dd4f2fc465c0d89e2fca9f77f51dbd5443b82', '{"actor":"ana","role":"ae","note":"signed: ''naïve'' 😀 \\ % {0}","facts":{"signed_on":{"d":"2026-03-10"}},"verdicts":[["sign/role","role","passed","''sign'' is done by ae","must","","",[],[],"",[["actor.role",true,[["actor.role","ae"]]]]],["always/1","always","passed","Export control has not frozen this deal","must","","",[],[],"",[["not export_hold",true,[["export_hold",false]]]]],["sign/approval/1","approval","passed","More than 15% off needs a manager","must","","",[],[],"",[["discount > 15%",true,[["discount",{"n":"0.2"}]]],["approved",true,[["approved_by","max"],["approved_as","manager"],["approved_on",{"d":"2026-03-09"}]]]]]]}');
INSERT INTO public.payloads VALUES (12, '\xbd6f856889bf1a124e4c07b03fed950f87198b80ab6ce25fe00134b00b084cf4', '{"actor":"bo","role":"ae","owner":"bo","facts":{"amount":{"n":"60000"}},"verdicts":[["prospect/asks/amount","asks","passed","''amount'' is known (Yearly value)","must","","",[],[],"",[["given(amount)",true,[["amount",{"n":"60000"}]]]]],["always/1","always","passed","Export control has not frozen this deal","must","","",[],[],"",[["not export_hold",true,[["export_hold",false]]]]]]}');
INSERT INTO public.payloads VALUES (13, '\xaa09f1a7410d636937bc21c4d533d3196f42887893e3823a5f110381135406f0', '{"actor":"bo","role":"ae","note":"too dear","verdicts":[["lose/role","role","passed","''lose'' is done by ae","must","","",[],[],"",[["actor.role",true,[["actor.role","ae"]]]]],["lose/reason","reason","passed","''lose'' is done for a reason from its list","must","","",[],[],"",[["reason",true,[["reason","price"]]]]],["lose/asks/note","asks","passed","a note says why","must","","",[],[],"",[["not blank(note)",true,[["note","too dear"]]]]],["always/1","always","passed","Export control has not frozen this deal","must","","",[],[],"",[["not export_hold",true,[["export_hold",false]]]]]]}');
INSERT INTO public.payloads VALUES (14, '\xe39753dbc1861a424bf356c0dbcbffa01f7a392e9d5bf118a9817f34f420fd11', '{"actor":"max","role":"manager","facts":{"qualified_on":{"d":"2026-03-04"}},"verdicts":[["reopen/role","role","passed","''reopen'' is done by manager","must","","",[],[],"",[["actor.role",true,[["actor.role","manager"]]]]],["always/1","always","passed","Export control has not frozen this deal","must","","",[],[],"",[["not export_hold",true,[["export_hold",false]]]]]]}');
INSERT INTO public.payloads VALUES (15, NULL, NULL);
INSERT INTO public.payloads VALUES (16, NULL, NULL);
INSERT INTO public.payloads VALUES (17, '\xeebf4ab58eec7627bc08ecb03fb418456ff31a5a7ae00a71a8a9904d6870b112', '{"actor":"eve","facts":{"amount":{"n":"5000"}},"verdicts":[["prospect/asks/amount","asks","passed","''amount'' is known (Yearly value)","must"],["always/1","always","passed","Export control has not frozen this deal","must"]]}');
INSERT INTO public.payloads VALUES (18, '\x5a3916b8fad0dc656df459afbc8cf2e13e86d69782ff1013daed3308f48bec9c', '{"actor":"eve","facts":{"qualified_on":{"d":"2025-01-03"}},"verdicts":[["demo/stage","stage","failed","an action leads from ''prospect'' to ''demo''","must","an action from ''prospect'' to ''demo''","",[],[],"",[]],["always/1","always","passed","Export control has not frozen this deal","must","","",[],[],"",[["not export_hold",true,[["export_hold",false]]]]]]}');
INSERT INTO public.payloads VALUES (19, '\xa08f62163ab6fe6273e7441d0fc093a4ef29f67fe0342069636e463cf18a7779', '{"actor":"eve","verdicts":[["won/stage","stage","failed","an action leads from ''demo'' to ''won''","must","an action from ''demo'' to ''won''","",[],[],"",[]],["demo/to_pass/1","to_pass","unknown","Someone who can decide has seen the demo","must","record contact_role (one of \"champion\", \"economic-buyer\")","Meet the champion or the economic buyer, then record contact_role.",[],["contact_role"],"",[["contact_role in [\"champion\", \"economic-buyer\"]",null,[["contact_role",null]]]]],["always/1","always","passed","Export control has not frozen this deal","must","","",[],[],"",[["not export_hold",true,[["export_hold",false]]]]]]}');
INSERT INTO public.payloads VALUES (20, '\xe5e51295eadff49998641b83581337221cf0b75a7eb64e82b950fceecc6425e1', '{"actor":"eve","facts":{"amount":{"n":"700"}},"verdicts":[["prospect/asks/amount","asks","passed","''amount'' is known (Yearly value)","must"],["always/1","always","passed","Export control has not frozen this deal","must"]]}');
INSERT INTO public.payloads VALUES (21, '\x972134eb65fd8e162033271985e1217b815e86395a353c95278aa2d8991d3a25', '{"actor":"eve","verdicts":[["lose/reason","reason","unknown","''lose'' is done for a reason from its list","must","a reason: price, competitor, no-need, no-decision or other","",[],["reason"],"",[]],["always/1","always","passed","Export control has not frozen this deal","must"]]}');


--
-- Name: entries_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.entries_id_seq', 21, true);


--
-- Name: alembic_version alembic_version_pkc; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);


--
-- Name: deals deals_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.deals
    ADD CONSTRAINT deals_pkey PRIMARY KEY (id);


--
-- Name: definitions definitions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.definitions
    ADD CONSTRAINT definitions_pkey PRIMARY KEY (digest);


--
-- Name: entries entries_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.entries
    ADD CONSTRAINT entries_pkey PRIMARY KEY (id);


--
-- Name: meta meta_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.meta
    ADD CONSTRAINT meta_pkey PRIMARY KEY (name);


--
-- Name: payloads payloads_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.payloads
    ADD CONSTRAINT payloads_pkey PRIMARY KEY (id);


--
-- Name: entries_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX entries_key ON public.entries USING btree (deal, key) WHERE ((key <> ''::text) AND (kind <> 'refused'::text));


--
-- Name: entries_sequence; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX entries_sequence ON public.entries USING btree (deal, sequence);


--
-- Name: entries_start_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX entries_start_key ON public.entries USING btree (key) WHERE ((key <> ''::text) AND (kind = 'started'::text));


--
-- Name: definitions definitions_kept; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER definitions_kept BEFORE DELETE ON public.definitions FOR EACH ROW EXECUTE FUNCTION public.journal_refuse();


--
-- Name: definitions definitions_unchanged; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER definitions_unchanged BEFORE UPDATE ON public.definitions FOR EACH ROW EXECUTE FUNCTION public.journal_refuse();


--
-- Name: definitions definitions_whole; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER definitions_whole BEFORE TRUNCATE ON public.definitions FOR EACH STATEMENT EXECUTE FUNCTION public.journal_refuse();


--
-- Name: entries entries_kept; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER entries_kept BEFORE DELETE ON public.entries FOR EACH ROW EXECUTE FUNCTION public.journal_refuse();


--
-- Name: entries entries_unchanged; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER entries_unchanged BEFORE UPDATE ON public.entries FOR EACH ROW EXECUTE FUNCTION public.journal_refuse();


--
-- Name: entries entries_whole; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER entries_whole BEFORE TRUNCATE ON public.entries FOR EACH STATEMENT EXECUTE FUNCTION public.journal_refuse();


--
-- Name: meta meta_kept; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER meta_kept BEFORE DELETE ON public.meta FOR EACH ROW EXECUTE FUNCTION public.journal_refuse();


--
-- Name: meta meta_unchanged; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER meta_unchanged BEFORE UPDATE ON public.meta FOR EACH ROW EXECUTE FUNCTION public.journal_refuse();


--
-- Name: meta meta_whole; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER meta_whole BEFORE TRUNCATE ON public.meta FOR EACH STATEMENT EXECUTE FUNCTION public.journal_refuse();


--
-- Name: payloads payloads_kept; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER payloads_kept BEFORE DELETE ON public.payloads FOR EACH ROW EXECUTE FUNCTION public.journal_refuse();


--
-- Name: payloads payloads_unchanged; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER payloads_unchanged BEFORE UPDATE ON public.payloads FOR EACH ROW WHEN ((NOT ((new.id = old.id) AND (new.salt IS NULL) AND (new.body IS NULL)))) EXECUTE FUNCTION public.journal_refuse();


--
-- Name: payloads payloads_whole; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER payloads_whole BEFORE TRUNCATE ON public.payloads FOR EACH STATEMENT EXECUTE FUNCTION public.journal_refuse();


--
-- Name: entries entries_digest_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.entries
    ADD CONSTRAINT entries_digest_fkey FOREIGN KEY (digest) REFERENCES public.definitions(digest);


--
-- Name: payloads payloads_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.payloads
    ADD CONSTRAINT payloads_id_fkey FOREIGN KEY (id) REFERENCES public.entries(id);


--
-- PostgreSQL database dump complete
--


