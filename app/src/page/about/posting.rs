use leptos::prelude::*;
use thunderline::domain::{
    ChannelId,
    channel::{LONGEST_MESSAGE, SLOW_MODES},
};

use crate::{
    api::channel_settings::SetPostingLimits,
    page::chat::use_shown,
    part::{
        field::{Field, FieldError, Kind},
        form::{ErrorSummary, Form, Named, Submit},
        notice::{Notice, done},
        pace,
    },
};

/// What the channel asks of whoever posts there.
#[component]
pub(super) fn Posting(
    /// Which.
    channel: ChannelId,
    /// Seconds between two messages of one person.
    slow_mode: i64,
    /// The most characters of a message.
    message_chars: i64,
    /// Whether it may be changed.
    manage: bool,
) -> impl IntoView {
    view! {
        <section class="section" id="posting">
            <h2>"Posting"</h2>
            {if manage {
                view! { <PostingForm channel=channel slow_mode=slow_mode message_chars=message_chars/> }.into_any()
            } else {
                view! { <p class="muted">{asked(slow_mode, message_chars)}</p> }.into_any()
            }}
        </section>
    }
}

/// The same in words.
fn asked(slow_mode: i64, message_chars: i64) -> String {
    let pause = match slow_mode {
        0 => "Everybody posts as often as they like.".to_owned(),
        pace => format!("Slow mode: everybody posts one message every {}; moderators as they like.", pace::span(pace)),
    };
    format!("{pause} A message has at most {message_chars} characters.")
}

#[component]
fn PostingForm(channel: ChannelId, slow_mode: i64, message_chars: i64) -> impl IntoView {
    const FIELDS: &[Named] =
        &[("slow_mode", "Slow mode", "slow-mode"), ("message_chars", "Longest message", "message-chars")];
    let set = ServerAction::<SetPostingLimits>::new();
    let form = use_shown().with_untracked(|opened| Form::new(set, opened.flash.as_ref()));
    let wrong = form.wrong("slow_mode");
    let chosen = form.typed("slow_mode", slow_mode.to_string());
    let options = SLOW_MODES
        .map(|seconds| {
            let words =
                if seconds == 0 { "Off".to_owned() } else { format!("One message every {}", pace::span(seconds)) };
            view! { <option value=seconds selected=chosen == seconds.to_string()>{words}</option> }
        })
        .collect_view();
    view! {
        <ActionForm action=set attr:class="form">
            <ErrorSummary form=form heading="What is asked of whoever posts was not changed" fields=FIELDS/>
            <Notice shown=done("posting", *set) text="Saved."/>
            <input type="hidden" name="channel" value=channel.to_string()/>
            <div class="field">
                <label for="slow-mode">"Slow mode"</label>
                <p class="hint" id="slow-mode-hint">"How often one person can post. Moderators and above post as they like."</p>
                <select id="slow-mode" name="slow_mode" aria-describedby="slow-mode-hint">{options}</select>
                <FieldError id="slow-mode" wrong=wrong/>
            </div>
            <Field
                form=form
                id="message-chars"
                name="message_chars"
                label="Longest message, in characters"
                hint="At most 4,000, which is what an empty field means."
                kind=Kind::Plain
                optional=true
                value=if message_chars < LONGEST_MESSAGE { message_chars.to_string() } else { String::new() }
            />
            <p class="actions">
                <Submit form=form>"Save"</Submit>
            </p>
        </ActionForm>
    }
}
