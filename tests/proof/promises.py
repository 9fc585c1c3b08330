"""The promises, each with the tests that prove it and the figures that stand for it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Promise:
    """One row of the page. `part`: whose figures are shown; without one, how many cases of its tests passed."""

    name: str
    says: str
    tests: tuple[str, ...]
    part: str = ""


PROMISES = (
    Promise(
        "Once",
        "not after `kill -9` at any instruction: before and after every statement, commit and request in turn, on both "
        "databases, against platforms whose key replays, that can be looked up, and that can do neither",
        ("crash/test_sweep.py::test_after_a_crash_at_any_point_each_article_is_posted_once_or_held",),
        "sweep",
    ),
    Promise(
        "",
        "not after `kill -9` at random moments, with platforms that store and answer late",
        ("acceptance/test_kill.py::test_no_article_is_lost_or_doubled_when_the_process_is_killed",),
        "kills",
    ),
    Promise(
        "",
        "not when everything happens at once: workers killed and stopped, brokers lost, databases restarted, platforms "
        "that lie; then the platforms' own books are compared with the ledger",
        ("storm/test_storm.py::test_a_minute_of_storm_doubles_nothing_and_loses_nothing",),
        "storm",
    ),
    Promise(
        "",
        "not after a lost broker",
        (
            "workers/test_newsroom.py::test_a_flushed_redis_costs_a_moment",
            "workers/test_newsroom.py::test_a_redis_that_restarts_empty_is_found_again",
            "workers/test_newsroom.py::test_rabbitmq_does_as_well_and_may_restart",
        ),
    ),
    Promise(
        "",
        "not after a doubled message",
        (
            "workers/test_newsroom.py::test_f92_a_message_that_comes_twenty_times_is_one_post",
            "workers/test_newsroom.py::test_f92_a_retry_is_a_row_with_its_time_and_no_message_waits_for_it",
        ),
    ),
    Promise(
        "",
        "not after a timed-out request, whatever the kind of platform can tell",
        (
            "stages/test_once.py::test_f52_an_answer_that_was_lost_is_settled_without_a_second_post",
            "stages/test_once.py::test_f53_after_a_lost_answer_mastodon_is_left_time_and_looked_at_before_a_second_request",
            "stages/test_once.py::test_f55_a_blind_platform_that_does_not_answer_is_never_asked_again_by_itself",
            "channels/test_lookback.py::test_a_post_is_found_behind_a_thousand_later_ones",
            "channels/test_lookback.py::test_a_look_up_that_cannot_reach_back_leaves_it_to_a_person",
            "stages/test_cases.py::test_f56_a_duplicate_that_x_refuses_is_the_post_that_is_there",
            "stages/test_cases.py::test_f58_a_thread_that_broke_off_anywhere_is_whole_in_the_end",
        ),
    ),
    Promise(
        "",
        "not with two workers, a stopped one that wakes, or hosts that are cut off from each other",
        (
            "stages/test_once.py::test_f60_two_workers_at_one_mailbox_deliver_each_article_once",
            "stages/test_once.py::test_f57_a_worker_that_was_stopped_past_its_lease_can_change_nothing",
            "storm/test_hosts.py::test_a_host_that_is_cut_off_and_comes_back_doubles_and_loses_nothing",
        ),
    ),
    Promise(
        "",
        "not after a restored backup, of the feed or of our own store",
        (
            "polling/test_answers.py::test_a_feed_whose_state_was_lost_posts_nothing_again",
            "cli/test_store.py::test_what_came_between_backup_and_restore_is_held_and_not_posted_twice",
        ),
    ),
    Promise(
        "",
        "not with a feed that re-dates, re-ids, shrinks, bounces or repeats everything",
        ("histories/test_histories.py::test_the_history_holds",),
        "histories",
    ),
    Promise(
        "",
        "a duplicate that came by another way is found and, where the platform can, removed on request",
        ("cli/test_audit.py::test_a_late_duplicate_is_found_and_removed_on_request",),
    ),
    Promise(
        "Nothing lost",
        "an entry seen is an article stored, in the same transaction as the validators of its poll",
        ("polling/test_requests.py::test_p09_validators_are_stored_with_the_articles_or_not_at_all",),
    ),
    Promise(
        "",
        "limits delay, they never drop; a channel that is down or paused keeps its queue",
        (
            "stages/test_once.py::test_lost_credentials_pause_the_channel_keep_its_queue_and_lose_nothing",
            "stages/test_cases.py::test_a_platform_that_asks_for_patience_gets_everything_later",
        ),
    ),
    Promise(
        "",
        "what cannot be sent ends in a visible state with its reason, and can be sent again by hand",
        (
            "stages/test_cases.py::test_f94_nothing_ends_without_a_state_and_a_reason",
            "cli/test_flow.py::test_a_delivery_that_was_cancelled_can_be_tried_again",
        ),
    ),
    Promise(
        "",
        "what crashes workers is set aside with its reason; the others go on",
        ("stages/test_set_aside.py::test_an_article_that_kills_its_worker_is_set_aside_and_the_others_go_on",),
    ),
    Promise(
        "Nothing blasted",
        "a new feed posts nothing of its archive; a flood waits for a person",
        (
            "histories/test_histories.py::test_the_history_holds",
            "polling/test_answers.py::test_p34_a_page_at_first_is_no_baseline",
            "polling/test_answers.py::test_p48_no_entries_are_a_baseline_and_forget_nothing",
        ),
    ),
    Promise(
        "Nothing mangled",
        "every post fits its platform by the platform's own counting; no cut link, word, emoji or entity",
        (
            "channels/test_properties.py::test_every_post_fits_and_nothing_is_cut_in_two",
            "compose/test_compose.py::test_at_the_very_last_the_title_is_cut_and_never_the_link",
        ),
    ),
    Promise(
        "",
        "a teaser ends where a sentence ends",
        (
            "teaser/test_properties.py::test_a_teaser_is_whole_sentences_of_its_text_in_their_order",
            "text/test_sentences.py::test_sentences_end_where_a_reader_ends_them",
        ),
    ),
    Promise(
        "Everything explained",
        "`explain` says which step decided what, why, and what happens next; the operator is told, the audience is not",
        (
            "cli/test_flow.py::test_what_was_posted_is_listed_and_explained",
            "cli/test_flow.py::test_explain_says_when_a_waiting_post_is_sent_and_why_not",
            "workers/test_alerts.py::test_f95_the_operator_is_told_and_no_channel_gets_a_word",
        ),
    ),
    Promise(
        "A good guest",
        "polling is conditional, paced and identifiable",
        (
            "polling/test_requests.py::test_p10_with_validators_no_request_goes_without_them",
            "polling/test_requests.py::test_p23_to_p27_a_request_is_a_plain_identifiable_get",
            "polling/test_waits.py::test_p13_retry_after_is_honoured",
            "polling/test_waits.py::test_p19_one_request_at_a_time_for_a_host",
        ),
    ),
    Promise(
        "Nobody gets in",
        "feeds, pages and answers are hostile input",
        (
            "http/test_guard.py::test_no_spelling_of_an_inner_address_is_asked",
            "http/test_guard.py::test_a_name_that_changes_its_address_is_connected_to_where_it_was_checked",
            "feeds/test_bounded.py::test_a_document_that_eats_memory_ends_and_the_next_is_read",
            "workers/test_console.py::test_what_a_feed_says_is_text_and_never_markup",
            "workers/test_logs.py::test_a_known_secret_is_written_in_none_of_its_disguises",
        ),
    ),
)
