//! Pure table: the words about signal banks, their contents and exchanges.

words! {
    /// Words of signal banks, contents and exchanges.
    BankWords, BANKS_EN, BANKS_IT;

    title: "Signal banks", "Raccolte di impronte";
    lead: "Signals that this installation looks things up in. A match with an alert bank is a finding; a match with a negative bank silences the others.",
        "Impronte su cui questa installazione effettua le ricerche. Una corrispondenza con una raccolta di allerta è un rilevamento; una con una raccolta negativa mette a tacere le altre.";
    all_title: "All signal banks", "Tutte le raccolte";
    empty: "There is no signal bank yet.", "Non c’è ancora alcuna raccolta.";
    col_bank: "Signal bank", "Raccolta";
    col_role: "Role", "Ruolo";
    col_ratio: "Takes part in", "Partecipa a";
    col_contents: "Contents", "Contenuti";
    col_distance: "Distance", "Distanza";
    col_exchange: "Exchange", "Scambio";
    col_note: "Note", "Nota";
    role_alert: "Alert", "Allerta";
    role_allow: "Negative", "Negativa";
    role_alert_means: "a match is a finding", "una corrispondenza è un rilevamento";
    role_allow_means: "whoever matches here is not reported for other banks", "chi corrisponde qui non viene segnalato per le altre raccolte";
    off: "off", "disattiva";
    of_look_ups: "{percent} of the look-ups", "{percent} delle ricerche";
    held_back: "1 held back|{n} held back", "1 trattenuto|{n} trattenuti";
    default_distance: "as the kind of signal", "come il tipo di impronta";
    up_to_bits: "up to 1 bit|up to {n} bits", "fino a 1 bit|fino a {n} bit";

    create_title: "Make a signal bank", "Crea una raccolta";
    name: "Name", "Nome";
    name_hint: "Upper-case letters, digits and underscores; clients use it.", "Lettere maiuscole, cifre e trattini bassi; lo usano i client.";
    ratio: "Share of the look-ups, in percent", "Quota delle ricerche, in percento";
    ratio_hint: "0 switches it off.", "0 la disattiva.";
    distance: "Distance, in bits", "Distanza, in bit";
    distance_hint: "0 to 31. Empty: that of the kind of signal.", "Da 0 a 31. Vuoto: quella del tipo di impronta.";
    note: "Note", "Nota";
    alert_people: "Put matches before a person", "Sottoponi le corrispondenze a una persona";
    create: "Make it", "Crea";

    terms_title: "What it is", "Che cos’è";
    save: "Save", "Salva";
    saved: "Saved.", "Salvato.";
    created: "The signal bank is made.", "La raccolta è stata creata.";
    since: "Made", "Creata";
    contents_title: "Contents", "Contenuti";
    shown_all: "All", "Tutti";
    shown_held_back: "Held back", "Trattenuti";
    shown: "Shown", "Mostrati";
    held_back_lead: "Too many different things matched these within an hour, so they answer no more until a person releases them.",
        "Troppe cose diverse hanno corrisposto a questi contenuti in un’ora: non rispondono più finché una persona non li rilascia.";
    held_back_none: "Nothing is held back.", "Nulla è trattenuto.";
    find: "Find by number or signal", "Trova per numero o impronta";
    find_button: "Find", "Trova";
    found_none: "No content of this bank has this number or exactly this signal.", "Nessun contenuto di questa raccolta ha questo numero o esattamente questa impronta.";
    contents_none: "There is nothing in this bank.", "Questa raccolta è vuota.";
    contents_end: "There is nothing behind this.", "Non c’è altro.";
    col_choose: "Choose", "Scegli";
    choose: "Choose content {n}", "Scegli il contenuto {n}";
    col_number: "Content", "Contenuto";
    col_signals: "Signals", "Impronte";
    col_state: "State", "Stato";
    col_labels: "Labels", "Etichette";
    col_added: "Added", "Aggiunto";
    with_chosen: "With those chosen:", "Con quelli scelti:";
    switch_on: "Switch on", "Attiva";
    switch_off: "Switch off", "Disattiva";
    switched_on: "1 content was switched on.|{n} contents were switched on.", "1 contenuto attivato.|{n} contenuti attivati.";
    switched_off: "1 content was switched off.|{n} contents were switched off.", "1 contenuto disattivato.|{n} contenuti disattivati.";
    state_on: "On", "Attivo";
    state_off: "Off", "Disattivo";
    state_later: "Off until {time}", "Disattivo fino al {time}";
    state_expired: "Expired {time}", "Scaduto {time}";
    state_held: "Held back since {time}", "Trattenuto dal {time}";
    expires: "expires {time}", "scade {time}";
    more_values: "and 1 frame more|and {n} frames more", "e un altro fotogramma|e altri {n} fotogrammi";

    add_title: "Add a signal", "Aggiungi un’impronta";
    add_lead: "It is found by every look-up within a second.", "Ogni ricerca la trova entro un secondo.";
    kind: "Kind of signal", "Tipo di impronta";
    value: "Value", "Valore";
    labels: "Labels", "Etichette";
    labels_hint: "Words, separated by commas.", "Parole separate da virgole.";
    add: "Add", "Aggiungi";
    added: "Added as content {n}.", "Aggiunto come contenuto {n}.";

    content_title: "Content {n}", "Contenuto {n}";
    signals_title: "Signals", "Impronte";
    grid_desc: "16 by 16 bits of the signal. It shows no content.", "16 per 16 bit dell’impronta. Non mostra alcun contenuto.";
    standing_title: "Whether it takes part", "Se partecipa";
    takes_part: "Takes part in look-ups", "Partecipa alle ricerche";
    on: "yes", "sì";
    not: "no", "no";
    from: "from a time on", "da un certo momento";
    from_time: "From, in UTC", "Da, in UTC";
    expiry: "Expires, in UTC", "Scadenza, in UTC";
    expiry_hint: "After this it matches no more. Empty: never.", "Dopo non corrisponde più. Vuoto: mai.";
    release: "Release it", "Rilascia";
    release_means: "It answers again. Held back since {time}.", "Risponde di nuovo. Trattenuto dal {time}.";
    released: "Released: it answers again.", "Rilasciato: risponde di nuovo.";
    from_sender_title: "From the sender", "Dal mittente";
    key: "Sender’s key", "Chiave del mittente";
    record: "Sender’s record", "Record del mittente";
    metadata: "Sent along by the client", "Allegato dal client";
    locator: "A locator is kept and not shown.", "Un localizzatore è conservato e non viene mostrato.";
    its_matches: "Matches of this bank", "Corrispondenze di questa raccolta";
    back_to_bank: "Back to {name}", "Torna a {name}";

    exchanges_title: "Exchanges", "Scambi";
    exchanges_lead: "Senders whose signals are fetched by themselves. Each feeds the signal bank of its name, keeps the sender’s keys, and follows what the sender changes and withdraws.",
        "Mittenti le cui impronte vengono acquisite automaticamente. Ciascuno alimenta la raccolta con il suo nome, conserva le chiavi del mittente e ne segue modifiche e ritiri.";
    exchanges_all: "All exchanges", "Tutti gli scambi";
    exchanges_none: "There is no exchange. One is made at the command line:", "Non c’è alcuno scambio. Se ne crea uno dalla riga di comando:";
    col_interface: "Interface", "Interfaccia";
    col_last: "Last fetch", "Ultima acquisizione";
    col_fetched: "Records taken", "Record acquisiti";
    col_next: "Next fetch", "Prossima acquisizione";
    col_acts: "Do", "Azioni";
    fetching: "Fetching", "In acquisizione";
    fetching_since: "since {time}", "dal {time}";
    fetch_ended_well: "Up to date", "Aggiornato";
    fetch_more: "Ended well; the sender has more", "Riuscita; il mittente ha altro";
    fetch_failed: "Failed", "Non riuscita";
    fetch_never: "Not fetched yet", "Mai acquisito";
    fetch_off: "Switched off", "Disattivato";
    failures_in_a_row: "1 failure|{n} failures in a row", "1 errore|{n} errori di seguito";
    fetch_at_once: "at once", "subito";
    checkpoint: "everything up to {time}", "tutto fino al {time}";
    fetch_now: "Fetch now", "Acquisisci ora";
    fetch_asked: "The fetch begins within a moment.", "L’acquisizione inizia tra un istante.";
    exchange_on: "The exchange is switched on.", "Lo scambio è attivato.";
    exchange_off: "The exchange is switched off.", "Lo scambio è disattivato.";
    state_of_exchanges: "State of the exchanges", "Stato degli scambi";
}
