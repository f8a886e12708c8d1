//! Where an import lands: the engine, or in a dry run nothing.

use std::collections::{HashMap, HashSet};

use thunderline::{
    domain::{
        Actor, ChannelId, CommunityId, Error, PersonId, Surface,
        command::{
            CreateCommunity, ImportChannel, ImportMessages, ImportPeople, ImportPins, ImportedChannel, ImportedMessage,
            ImportedPerson, ImportedPin,
        },
        query::{FindPerson, Imported, ListMembers, OpenCommunity, ReadImported},
    },
    engine::Engine,
};

use super::{ImportError, Wish};

/// The most that one command brings.
pub(super) const BATCH: usize = thunderline::service::IMPORT_BATCH;

/// Where an import lands. Every command goes through [`Engine::execute`], as the server itself.
#[derive(Clone, Debug)]
pub(super) struct Landing {
    engine: Engine,
    pub community: CommunityId,
    dry_run: bool,
}

impl Landing {
    /// Finds the community, or founds it for the wished owner.
    pub async fn find(engine: &Engine, wish: &Wish) -> Result<Self, ImportError> {
        let landing = |community| Self { engine: engine.clone(), community, dry_run: wish.dry_run };
        let slug = wish.community.trim().to_ascii_lowercase();
        match engine.ask(&system(), OpenCommunity { slug: slug.clone() }).await {
            Ok(view) => return Ok(landing(view.community.id)),
            Err(Error::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
        let Some(handle) = wish.owner.as_deref() else { return Err(ImportError::NoCommunity { slug }) };
        let handle = handle.trim().trim_start_matches('@').to_ascii_lowercase();
        let owner = engine.ask(&system(), FindPerson { handle: handle.clone() }).await?;
        let owner = owner.ok_or(ImportError::NoOwner { handle })?;
        let id = CommunityId::fresh();
        if !wish.dry_run {
            let create =
                CreateCommunity { id, name: slug.clone(), slug, description: String::new(), public: wish.public };
            engine.execute(Actor::person(owner, Surface::Cli), create).await?;
        }
        Ok(landing(id))
    }

    /// Stores people; answers how many were new here.
    pub async fn people(&self, people: Vec<ImportedPerson>) -> Result<u64, ImportError> {
        if self.dry_run {
            let people: Vec<_> = people.iter().map(|person| person.id).collect();
            let all = people.len();
            let known = self.known(|asked| asked.people = people).await?;
            return Ok((all - known.people) as u64);
        }
        let import = ImportPeople { community: self.community, people };
        Ok(self.engine.execute(system(), import).await?)
    }

    /// The sign-in names of the community's members.
    pub async fn handles(&self) -> Result<HashMap<PersonId, String>, ImportError> {
        let mut handles = HashMap::new();
        loop {
            let offset = i64::try_from(handles.len()).unwrap_or(i64::MAX);
            let list = ListMembers { community: self.community, begins: String::new(), offset };
            let page = match self.engine.ask(&system(), list).await {
                // A dry run into a community that is still to be founded.
                Err(Error::NotFound) if self.dry_run => return Ok(handles),
                page => page?,
            };
            let more = page.more && !page.members.is_empty();
            handles.extend(page.members.into_iter().map(|member| (member.person.id, member.person.handle)));
            if !more {
                return Ok(handles);
            }
        }
    }

    /// Stores a channel; answers its id here, and whether it is new. `Err` inside: why it cannot be stored.
    pub async fn channel(&self, channel: ImportedChannel) -> Result<Result<(ChannelId, bool), Error>, ImportError> {
        let id = channel.id;
        let known = self.known(|asked| asked.channel = Some(id)).await?.channel;
        if self.dry_run {
            return Ok(Ok((id, !known)));
        }
        let import = ImportChannel { community: self.community, channel };
        match self.engine.execute(system(), import).await {
            // An id other than the derived one: a channel of this address was here before.
            Ok(here) => Ok(Ok((here, !known && here == id))),
            Err(refusal @ (Error::Conflict { .. } | Error::Invalid { .. })) => Ok(Err(refusal)),
            Err(error) => Err(error.into()),
        }
    }

    /// Stores messages of one channel; answers how many were new.
    pub async fn messages(&self, channel: ChannelId, messages: Vec<ImportedMessage>) -> Result<u64, ImportError> {
        if self.dry_run {
            let ids: HashSet<_> = messages.iter().map(|message| message.id).collect();
            let all = ids.len();
            let known = self.known(|asked| asked.messages = ids.into_iter().collect()).await?;
            return Ok((all - known.messages) as u64);
        }
        Ok(self.engine.execute(system(), ImportMessages { channel, messages }).await?)
    }

    /// Pins messages of one channel; answers how many were pinned, and how many had been before. In a dry run
    /// nobody knows which of the messages will be here: all that are new count.
    pub async fn pins(&self, channel: ChannelId, pins: Vec<ImportedPin>) -> Result<(u64, u64), ImportError> {
        let ids: HashSet<_> = pins.iter().map(|pin| pin.message).collect();
        let all = ids.len();
        let known = self.known(|asked| asked.pins = ids.into_iter().collect()).await?.pins;
        let stored = if self.dry_run {
            (all - known) as u64
        } else {
            self.engine.execute(system(), ImportPins { channel, pins }).await?
        };
        Ok((stored, known as u64))
    }

    /// What of that which `about` names is here already.
    async fn known(&self, about: impl FnOnce(&mut ReadImported)) -> Result<Imported, ImportError> {
        let community = self.community;
        let mut asked =
            ReadImported { community, people: Vec::new(), channel: None, messages: Vec::new(), pins: Vec::new() };
        about(&mut asked);
        Ok(self.engine.ask(&system(), asked).await?)
    }
}

fn system() -> Actor {
    Actor::system(Surface::Cli)
}
