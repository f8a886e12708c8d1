#!/usr/bin/env python3
"""Writes a real chat history as a Slack export.

The history is the Chit-Chat Challenge (Python package chitchat-dataset, MIT licence): 7,168
conversations between two people. What was said, when and by whom is taken over as it is. The corpus has
neither names nor channels nor threads, so those are made up here, always the same way:

  * a conversation lands in one of twenty channels, chosen by the hash of its id;
  * every second conversation is a thread, its first message being the root;
  * every 50th message has a reaction, every 97th was edited.

    build.py --out chitchat.zip                        all of it: 258,145 messages
    build.py --out small.zip --conversations 120       the oldest 120 conversations

Prints one line of JSON: the counts that an import has to arrive at.
"""

import argparse
import datetime
import hashlib
import itertools
import json
import os
import zipfile
from collections import Counter, defaultdict

import chitchat_dataset

TEAM = "T0CHITCHAT"
OPENED = 1525132800  # 1 May 2018, the day before the first message
REACTION_EVERY, EDIT_EVERY = 50, 97
REACTIONS = ("+1", "tada", "heart", "joy", "eyes", "rocket")
CHANNELS = (
    "general random books music travel cooking sports films games science "
    "pets work weather school health art cars family coding news"
).split()
GIVEN_NAMES = (
    "Ada Bo Cleo Dov Eni Fay Gus Hal Ines Jun Kai Lea Mio "
    "Nell Oto Pia Quin Rosa Sol Tove Uma Vik Wren Xan Yuki Zed"
).split()
FAMILY_NAMES = (
    "Abel Brook Castell Dune Ember Frost Glen Hart Isle Joss Kestrel Lind "
    "Marsh North Orme Pike Quill Reed Stone Thorn Ure Vale West Yarrow"
).split()


def number_from(text):
    """A large number that is always the same for the same text."""
    return int(hashlib.sha256(text.encode()).hexdigest(), 16)


def slack_text(text):
    """Slack escapes these three characters and no others."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def slack_user(sender):
    number = number_from(sender)
    given = GIVEN_NAMES[number % len(GIVEN_NAMES)]
    family = FAMILY_NAMES[(number >> 16) % len(FAMILY_NAMES)]
    full, handle = f"{given} {family}", f"{given}.{family}.{sender[:4]}".lower()
    return {
        "id": "U" + sender.replace("-", "")[:10].upper(),
        "team_id": TEAM,
        "name": handle,
        "deleted": False,
        "is_bot": False,
        "real_name": full,
        "profile": {"real_name": full, "display_name": full, "email": f"{handle}@example.org"},
    }


def slack_channel(position, name, members, creator):
    return {
        "id": f"C{position:09d}",
        "name": name,
        "created": OPENED,
        "creator": creator,
        "is_archived": False,
        "is_general": name == "general",
        "members": sorted(members),
        "topic": {"value": f"All about {name}", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


class Export:
    """The workspace while it fills up, one conversation after the other."""

    def __init__(self, channels):
        self.channels = channels
        self.users = {}
        self.members = {name: set() for name in channels}
        self.days = defaultdict(list)  # (channel, day) → messages
        self.taken = Counter()  # (channel, second) → messages in it
        self.counts = Counter(messages=0, threads=0, reactions=0, edited=0)

    def add(self, conversation, said, threaded):
        channel = self.channels[number_from(conversation) % len(self.channels)]
        messages = [self.message(conversation, channel, utterance) for utterance in said]
        if threaded and len(messages) > 1:
            self.counts["threads"] += 1
            tie(messages[0], messages[1:])

    def message(self, conversation, channel, utterance):
        when = datetime.datetime.fromisoformat(utterance["timestamp"].replace("Z", "+00:00"))
        user = self.user(utterance["sender"])
        self.members[channel].add(user)
        ts = self.timestamp(channel, int(when.timestamp()))
        self.counts["messages"] += 1
        nth = self.counts["messages"]
        message = {
            "type": "message",
            "user": user,
            "text": slack_text(utterance["text"]),
            "ts": ts,
            "client_msg_id": hashlib.md5(f"{conversation}{ts}".encode()).hexdigest(),
            "team": TEAM,
        }
        if nth % REACTION_EVERY == 0:
            self.counts["reactions"] += 1
            name = REACTIONS[nth // REACTION_EVERY % len(REACTIONS)]
            message["reactions"] = [{"name": name, "users": [user], "count": 1}]
        if nth % EDIT_EVERY == 0:
            self.counts["edited"] += 1
            message["edited"] = {"user": user, "ts": ts}
        self.days[channel, when.date().isoformat()].append(message)
        return message

    def user(self, sender):
        if sender not in self.users:
            self.users[sender] = slack_user(sender)
        return self.users[sender]["id"]

    def timestamp(self, channel, second):
        """Slack knows a message by its time, so no two in a channel may share one."""
        self.taken[channel, second] += 1
        return f"{second}.{self.taken[channel, second] * 100:06d}"

    def files(self):
        users = sorted(self.users.values(), key=lambda user: user["id"])
        yield "users.json", users
        yield "channels.json", [
            slack_channel(position, name, self.members[name], users[0]["id"])
            for position, name in enumerate(self.channels)
        ]
        for (channel, day), messages in sorted(self.days.items()):
            yield f"{channel}/{day}.json", sorted(messages, key=lambda message: message["ts"])

    def write(self, path):
        """Nobody finds half an export under its name: it is renamed when it is whole."""
        unfinished = f"{path}.part"
        with zipfile.ZipFile(unfinished, "w") as archive:
            for name, content in self.files():
                # A fixed time: the same corpus makes the same archive, byte for byte.
                entry = zipfile.ZipInfo(name, (2018, 5, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, json.dumps(content, ensure_ascii=False, indent=1))
        os.replace(unfinished, path)


def tie(root, replies):
    """Makes `replies` the thread under `root`, in Slack's way: both ends say so."""
    for reply in replies:
        reply["thread_ts"], reply["parent_user_id"] = root["ts"], root["user"]
    repliers = sorted({reply["user"] for reply in replies})
    root["thread_ts"] = root["ts"]
    root["reply_count"] = len(replies)
    root["reply_users"] = repliers
    root["reply_users_count"] = len(repliers)
    root["latest_reply"] = replies[-1]["ts"]
    root["replies"] = [{"user": reply["user"], "ts": reply["ts"]} for reply in replies]


def conversations():
    """Every conversation in which something was said, oldest first: its id and its utterances."""
    corpus = chitchat_dataset.Dataset().items()
    for conversation, talk in sorted(corpus, key=lambda item: (item[1]["start"] or "", item[0])):
        said = list(itertools.chain.from_iterable(talk["messages"]))
        if said:
            yield conversation, said


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True, help="the archive to write")
    parser.add_argument("--conversations", type=int, default=None, help="only the oldest so many")
    parser.add_argument("--channels", type=int, default=len(CHANNELS), help="how many channels, at most 20")
    wanted = parser.parse_args()

    export = Export(CHANNELS[: wanted.channels])
    for position, (conversation, said) in enumerate(itertools.islice(conversations(), wanted.conversations)):
        export.add(conversation, said, threaded=position % 2 == 0)
    export.write(wanted.out)
    print(json.dumps({"users": len(export.users), "channels": len(export.channels), **export.counts}))


if __name__ == "__main__":
    main()
