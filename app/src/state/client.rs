use std::collections::HashMap;

use leptos::prelude::*;
use thunderline::{
    domain::{
        ChannelId, ChannelSummary, Envelope, Event, PersonId, Presence, SessionId, Time, Topic, Visibility,
        command::CommandEnd,
    },
    view::{Feed, HeldList, Outbox, Shell, TypingNotice},
};

use super::{Connection, Standing, Transcript, feed::Line, news::News};
use crate::{
    api::Opened,
    dom,
    part::toast::{ToastKind, Toasts, provide_toasts},
};

/// What this tab knows: one for the whole page, in context. On the server it only holds what [`Client::open`] gave.
#[derive(Clone, Copy)]
pub struct Client {
    pub(super) shell: RwSignal<Option<Shell>>,
    pub(super) connection: RwSignal<Connection>,
    pub(super) feed: StoredValue<Feed>,
    pub(super) line: StoredValue<Line>,
    pub(super) outbox: StoredValue<Outbox>,
    pub(super) unsent: RwSignal<usize>,
    pub(super) people: StoredValue<HashMap<PersonId, ArcRwSignal<Presence>>>,
    pub(super) transcript: StoredValue<Option<Transcript>>,
    /// The thread that is open beside it.
    pub(super) beside: StoredValue<Option<Transcript>>,
    pub(super) typing: StoredValue<TypingNotice>,
    pub(super) news: StoredValue<News>,
    pub(super) standing: RwSignal<Standing>,
    pub(super) aside: StoredValue<Aside>,
    /// Whether times are shown in this browser's zone: not before the first page is hydrated.
    pub(super) zoned: RwSignal<bool>,
    pub(super) toasts: Toasts,
}

/// What only a few parts of the page look at: kept apart, for a client is handed about by value.
#[derive(Clone, Copy, Default)]
pub(super) struct Aside {
    /// The time as it is told here, moved on every minute: none before the first page is hydrated.
    pub(super) minute: RwSignal<Option<Time>>,
    /// What I have lost the right to watch while it was open.
    pub(super) lost: RwSignal<Option<Topic>>,
    session: Option<SessionId>,
    /// Whether the palette is open.
    palette: RwSignal<bool>,
    /// What of mine waits for a moderator in the open channel.
    pub(super) held: RwSignal<Option<HeldList>>,
    /// How often what lists of pins and of what is flagged show was changed.
    pub(super) order: RwSignal<u32>,
    /// The channel that was deleted last while this page stood, and the name it had.
    deleted: RwSignal<Option<(ChannelId, String)>>,
}

/// Makes the client and puts it in context, and the toasts.
pub fn provide_client() -> Client {
    let client = Client {
        shell: RwSignal::new(None),
        connection: RwSignal::new(Connection::default()),
        feed: StoredValue::new(Feed::default()),
        line: StoredValue::new(Line::default()),
        outbox: StoredValue::new(Outbox::default()),
        unsent: RwSignal::new(0),
        people: StoredValue::new(HashMap::new()),
        transcript: StoredValue::new(None),
        beside: StoredValue::new(None),
        typing: StoredValue::new(TypingNotice::default()),
        news: StoredValue::new(News::default()),
        standing: RwSignal::new(Standing::default()),
        aside: StoredValue::new(Aside::default()),
        zoned: RwSignal::new(false),
        toasts: provide_toasts(),
    };
    provide_context(client);
    // Effects run in the browser alone: the feed begins with the first page that has a person.
    Effect::new(move |_| {
        if client.shell.with(Option::is_some) {
            client.begin();
        }
    });
    client
}

/// The client in context.
///
/// # Panics
/// When [`provide_client`] was not called above.
pub fn use_client() -> Client {
    expect_context()
}

impl Client {
    /// Takes a page's data: call it before rendering the page's parts, on the server and in the browser.
    pub fn open(&self, opened: &Opened) {
        let mut shell = opened.shell();
        let mut held = opened.channel.as_ref().map(|open| HeldList::new(open.channel.id, open.held.clone()));
        if cfg!(target_arch = "wasm32") {
            self.aside.update_value(|aside| aside.session = Some(opened.me.session));
            self.aside().lost.set(None);
            let mut topics = vec![(Topic::Person(shell.me.id), opened.directory.cursor)];
            topics.extend(opened.community.as_ref().map(|open| (Topic::Community(open.community.id), open.cursor)));
            topics.extend(opened.channel.as_ref().map(|open| (Topic::Channel(open.channel.id), open.cursor)));
            for envelope in self.watch(shell.me.id, &topics) {
                shell.apply(envelope.topic, &envelope.event);
                if let Some(held) = &mut held {
                    held.apply(&envelope.event);
                }
            }
            self.feed.with_value(|feed| feed.retell(&mut shell));
            // What this reading has already seen the feed does not tell again, so lists that wait for its word are old.
            if self.shell.with_untracked(Option::is_some) {
                self.reread_lists();
            }
        }
        self.aside().held.set(held);
        self.shell.update(|known| {
            if let Some(known) = known.as_ref() {
                shell.keep_newer(known);
            }
            *known = Some(shell);
        });
    }

    /// Everything around the conversation, kept up to date.
    pub fn shell(&self) -> Signal<Option<Shell>> {
        self.shell.into()
    }

    /// How the line to the server stands.
    pub fn connection(&self) -> Signal<Connection> {
        self.connection.into()
    }

    pub(super) fn aside(&self) -> Aside {
        self.aside.get_value()
    }

    /// Whether the palette is open; set it to open or close it.
    pub fn palette(&self) -> RwSignal<bool> {
        self.aside().palette
    }

    /// What is told in passing.
    pub const fn toasts(&self) -> Toasts {
        self.toasts
    }

    /// How many messages wait to be sent.
    pub fn unsent(&self) -> Signal<usize> {
        self.unsent.into()
    }

    /// A channel of the open community, kept up to date.
    pub fn channel(&self, id: ChannelId) -> Memo<Option<ChannelSummary>> {
        let shell = self.shell;
        Memo::new(move |_| shell.with(|shell| shell.as_ref()?.channel(id).cloned()))
    }

    /// Whether the right to see this topic was lost while it was open.
    pub fn has_lost(&self, topic: Topic) -> Signal<bool> {
        let lost = self.aside().lost;
        Signal::derive(move || lost.get() == Some(topic))
    }

    /// The channel of the open community that was deleted last, and the name it had.
    pub fn deleted(&self) -> Signal<Option<(ChannelId, String)>> {
        self.aside().deleted.into()
    }

    /// Remembers the name of what is about to go; it is heard of on more than one topic, and known at the first.
    fn remember_deleted(&self, id: ChannelId) {
        let name = self.shell.with_untracked(|shell| Some(shell.as_ref()?.channel(id)?.name.clone()));
        if let Some(name) = name {
            self.aside().deleted.set(Some((id, name)));
        }
    }

    /// The conversation that is on the screen hears of its channel's events from now on.
    pub fn enter(&self, transcript: Transcript) {
        let client = *self;
        let place = if transcript.thread.is_some() { self.beside } else { self.transcript };
        place.set_value(Some(transcript));
        on_cleanup(move || {
            Self::leave_reading(transcript);
            client.save_draft(transcript);
            // The next conversation may have entered before this one is gone.
            place.try_update_value(|open| {
                if *open == Some(transcript) {
                    *open = None;
                }
            });
        });
    }

    /// The open conversation, if it is this channel's.
    pub(super) fn transcript_of(&self, channel: ChannelId) -> Option<Transcript> {
        self.transcript.get_value().filter(|open| open.channel == channel)
    }

    /// Whatever is open of this channel: the conversation, and the thread beside it.
    pub(super) fn open_of(&self, channel: ChannelId) -> impl Iterator<Item = Transcript> {
        let open = [self.transcript.get_value(), self.beside.get_value()];
        open.into_iter().flatten().filter(move |open| open.channel == channel)
    }

    /// The one door: applies a durable event to everything that is held.
    pub fn apply(&self, envelope: &Envelope) {
        let Envelope { topic, event, .. } = envelope;
        if let Event::ChannelDeleted { channel, .. } = event {
            self.remember_deleted(*channel);
        }
        match event {
            Event::StandingChanged { community, .. } => self.stand(community),
            Event::RulesChanged { community } | Event::RolesChanged { community, person: None } => {
                self.ruled_anew(*community);
            }
            // Who takes part no longer, and sees it still, may come back: the page is read again, with the way to do so.
            Event::ChannelLeft { channel, community } if self.still_sees(*channel) => self.ruled_anew(*community),
            // Whether there is a button for reactions is read with the page.
            Event::ChannelUpdated { channel } if self.switches_reactions(channel) => self.ruled_anew(channel.community),
            Event::CommunityLeft { community, departure, reason } => self.left(*community, *departure, reason),
            _ => {}
        }
        // None of them touches the shell, and a list of channels is not to be drawn again for each.
        if !matches!(
            event,
            Event::MessageEdited { .. }
                | Event::MessageDeleted { .. }
                | Event::ThreadReplied { .. }
                | Event::ReplyDeleted { .. }
        ) {
            self.shell.update(|shell| {
                if let Some(shell) = shell {
                    shell.apply(*topic, event);
                }
            });
        }
        self.keep_order(event);
        self.hear_of_held(event);
        self.hear_of_draft(event);
        if let Event::MessagePosted { message, .. } = event {
            self.acknowledge(message.id);
        }
        if let Event::CommandAnswered { words, end, .. } = event {
            let kind = match end {
                CommandEnd::Done => ToastKind::Good,
                CommandEnd::Said | CommandEnd::Reminded => ToastKind::Info,
                CommandEnd::Refused => ToastKind::Bad,
            };
            self.toasts.show(kind, words.clone());
        }
        if let Event::SessionEnded { session } = event
            && self.aside().session == Some(*session)
        {
            Self::leave();
        }
        let concerns_rows = matches!(
            (topic, event),
            (Topic::Community(_), Event::ProfileChanged { .. })
                | (Topic::Person(_), Event::MessageFlagged { .. } | Event::MessageJudged { .. })
        );
        if concerns_rows {
            for open in [self.transcript.get_value(), self.beside.get_value()].into_iter().flatten() {
                open.change(|timeline| timeline.apply(event));
            }
        }
        if let Event::NotificationAdded { .. } = event {
            self.notice_thread();
        }
        if let Topic::Channel(channel) = topic {
            let mut told = false;
            for open in self.open_of(*channel) {
                open.hear(event);
                if let Event::MessagePosted { message, .. } = event {
                    if open.holds(message) && !std::mem::replace(&mut told, true) {
                        self.tell(message);
                    }
                    self.read(open);
                }
            }
        }
    }

    /// Whether this channel is open, and can be seen by who takes no part in it.
    fn still_sees(&self, id: ChannelId) -> bool {
        let public = |shell: &Option<Shell>| Some(shell.as_ref()?.channel(id)?.visibility == Visibility::Public);
        self.transcript_of(id).is_some() && self.shell.with_untracked(public).unwrap_or_default()
    }

    /// Whether a channel takes reactions now and did not before, or the other way.
    fn switches_reactions(&self, now: &ChannelSummary) -> bool {
        let before = |shell: &Option<Shell>| Some(shell.as_ref()?.channel(now.id)?.reactions);
        self.shell.with_untracked(before).is_some_and(|before| before != now.reactions)
    }

    /// The session is over: to the sign-in page, and back here from there.
    pub(super) fn leave() {
        dom::socket::close();
        dom::page::go(&crate::api::next::sign_in(&dom::page::here()));
    }
}
