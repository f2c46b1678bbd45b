//! What a word or phrase can mean in an answer: the alphabet that the rules' patterns are written in.

/// Defines [`Tag`] with the name that patterns use for each.
macro_rules! tags {
    ($($(#[$doc:meta])* $tag:ident = $name:literal,)+) => {
        /// The role of a word, a phrase or a sign in a reply.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub(super) enum Tag { $($(#[$doc])* $tag,)+ }

        impl Tag {
            /// Every tag, in the order of its declaration.
            pub(super) const ALL: &[Self] = &[$(Self::$tag,)+];

            /// The name between braces in a pattern.
            pub(super) const fn name(self) -> &'static str {
                match self { $(Self::$tag => $name,)+ }
            }
        }
    };
}

tags! {
    /// A bare yes.
    Yes = "yes",
    /// A yes that people also use to open any sentence.
    Ok = "ok",
    /// "Agreed", "approved": a yes on its own, a claim about the past after "I".
    Agreed = "agreed",
    /// A bare no; in Spanish also the negation.
    No = "no",
    /// A refusal that stands on its own: "no thanks", "not interested".
    NoThanks = "nothanks",
    /// "No problem" and its kin, which refuse nothing.
    NoProblem = "noproblem",
    /// "Not" and what replaces it.
    Not = "not",
    /// "Never".
    Never = "never",
    /// The person who answers, alone or for a family.
    I = "i",
    /// "Do".
    Do = "do",
    /// "Is".
    Is = "is",
    /// "Have".
    Have = "have",
    /// A verb that leaves the next one in the present: "am", "happy to".
    Aux = "aux",
    /// A verb that does not: "will", "could", "have".
    AuxOther = "auxo",
    /// "Want".
    Want = "want",
    /// "To".
    To = "to",
    /// "With", "of", "in", "on".
    With = "with",
    /// "For".
    For = "for",
    /// An adverb that strengthens.
    Adv = "adv",
    /// "Now", "today".
    Now = "now",
    /// Thanks for something, which need not be an answer.
    ThanksFor = "thanksfor",
    /// "Sorry", "bye".
    Sorry = "sorry",
    /// Laughter.
    Laugh = "laugh",
    /// Thanks, greetings, titles.
    Polite = "polite",
    /// A greeting: before an answer it says nothing, after one it asks who is there.
    Greeting = "greeting",
    /// Words that carry nothing: "well", "oh".
    Filler = "filler",
    /// "And".
    And = "and",
    /// "Or", "nor".
    Or = "or",
    /// "Because", "since": what follows is a reason.
    Because = "because",
    /// "But", "except", "only".
    But = "but",
    /// A verb or noun of consent that means nothing else.
    Consent = "consent",
    /// A verb of assent that also has everyday uses: "agree", "accept".
    Agree = "agree",
    /// "Permission", "authorization".
    Permission = "perm",
    /// "Ok with this", "fine with that".
    OkWith = "okwith",
    /// "Participate", "enroll", "sign".
    Join = "join",
    /// "Give", "grant".
    Give = "give",
    /// "Given", "granted".
    Given = "given",
    /// "My", "our".
    My = "my",
    /// "The", "any", "a".
    The = "the",
    /// "You have".
    YouHave = "youhave",
    /// "This", "that", "it".
    It = "it",
    /// "Fine".
    Fine = "fine",
    /// "Good", "correct".
    Correct = "correct",
    /// What a request can be about.
    Obj = "obj",
    /// "Vaccine", "surgery": one may consent to it, but who declines it need not decline what was asked.
    Care = "care",
    /// What the clinic offers: "program", "service".
    Program = "program",
    /// "Pay for this", "be billed".
    Pay = "pay",
    /// What a request comes on: "form", "letter".
    Form = "form",
    /// "None of", "nothing".
    None = "none",
    /// "You".
    You = "you",
    /// "Me", "us".
    Me = "me",
    /// "Read", "reviewed".
    Read = "read",
    /// "Understand".
    Understand = "understand",
    /// "Decline", "refuse".
    Refuse = "refuse",
    /// "Withdraw", "take back".
    Withdraw = "withdraw",
    /// "Withdrawn", "revoked".
    Withdrawn = "withdrawn",
    /// "Declined", "refused".
    Declined = "declined",
    /// "Cancel", "revoke".
    Cancel = "cancel",
    /// "Stop".
    Stop = "stop",
    /// "Quit", "end".
    Quit = "quit",
    /// "Disenroll".
    Leave = "leave",
    /// "Unsubscribe", "opt out".
    Unsub = "unsub",
    /// A whole opt-out in one phrase: "leave me alone".
    LeaveMe = "leaveme",
    /// "Text", "contact", "bother" and their forms.
    Text = "text",
    /// "Send".
    Send = "send",
    /// "Share", "record": what a clinic may do with what is the patient's.
    Use = "use",
    /// "Photos", "telehealth": what requests are about, and hardly anything else.
    Topic = "topic",
    /// "Done with", "turn off": with what is sent, or with the program, a refusal.
    Enough = "enough",
    /// "Get", "receive".
    Get = "get",
    /// What is sent: "messages".
    Texts = "texts",
    /// "More", "further".
    More = "more",
    /// "Again", "anymore".
    Again = "again",
    /// "Remove", "delete".
    Remove = "remove",
    /// "Take", "get".
    Take = "take",
    /// "My number", "my name".
    MyNumber = "mynumber",
    /// "List", "system".
    List = "list",
    /// "Off".
    Off = "off",
    /// "You may".
    YouCan = "youcan",
    /// "Can you", "could you".
    CanYou = "canyou",
    /// "Say", "answer is".
    Say = "say",
    /// "Say yes", "the answer is yes".
    SayYes = "sayyes",
    /// "Disregard", "ignore".
    Ignore = "ignore",
    /// "Changed my mind".
    Mind = "mind",
    /// Why people refuse: "too expensive".
    Reason = "reason",
    /// "After", "while": limits a consent, but may go before a refusal.
    While = "while",
    /// "Do not stop", "do not cancel": the opposite of an opt-out.
    Keep = "keep",
    /// A condition.
    If = "if",
    /// Doubt.
    Hedge = "hedge",
    /// Not now.
    Later = "later",
    /// Somebody else.
    Third = "third",
    /// "His", "her".
    Their = "their",
    /// "Son", "child": a person whom a parent answers for.
    Child = "child",
    /// "Mother", "guardian": a person who answers for a child.
    Parent = "parent",
    /// "Husband", "sister".
    Family = "family",
    /// "Wrong number".
    Wrong = "wrong",
    /// "Do I", of oneself.
    DoI = "doi",
    /// Opens a question.
    Ask = "ask",
    /// Tells of the past.
    Past = "past",
    /// Appointments, refills and the rest of a clinic's day.
    Visit = "visit",
    /// "START", "UNSTOP".
    Start = "start",
    /// "HELP", "INFO".
    Help = "help",
    /// A phone's or a mailbox's own words.
    Auto = "auto",
    /// "Liked", "Loved": what a phone writes for a tapped reaction.
    React = "react",
    /// Words of the request itself.
    Echo = "echo",
    /// "Sent from my".
    SentFrom = "sentfrom",
    /// "iPhone", "Outlook".
    Device = "device",
    /// "Sincerely", "signed".
    SignOff = "signoff",
    /// "This is", "my name is".
    ThisIs = "thisis",
    /// "Date of birth".
    Birth = "birth",
    /// A month.
    Month = "month",
    /// A given name or a common surname.
    Name = "name",
    /// An unknown word with a capital.
    Proper = "proper",
    /// A single letter.
    Letter = "letter",
    /// An unknown word.
    Word = "word",
    /// A number.
    Number = "number",
    /// A date in figures.
    Date = "date",
    /// A comma, colon or dash.
    Pause = "pause",
    /// The end of a sentence or line.
    Dot = "dot",
    /// A question mark.
    Question = "question",
    /// A quotation mark.
    Quote = "quote",
    /// A slash.
    Slash = "slash",
    /// A sign that plain replies do not have.
    Odd = "odd",
    /// A web address.
    Link = "link",
    /// A word of another language, a letter of another script.
    Foreign = "foreign",
    /// A thumb up, a tick.
    Up = "up",
    /// A thumb down, a cross.
    Down = "down",
    /// A face that doubts or mocks.
    Doubt = "doubt",
    /// Any other emoji.
    Emoji = "emoji",
}

impl Tag {
    /// The byte for this tag in a tagged reply: outside ASCII, so that a pattern's own signs stay free.
    pub(super) const fn byte(self) -> u8 {
        0x80 | self as u8
    }
}

// One bit of the byte is taken.
const _: () = assert!(Tag::ALL.len() <= 0x80);
