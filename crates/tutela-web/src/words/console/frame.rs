//! Pure table: the words of the console that stand around its pages, of signing in, the overview, the index and refusals.

words! {
    /// Words that every page of the console prints, and those of its small pages.
    ConsoleWords, CONSOLE_EN, CONSOLE_IT;

    decimal_mark: ".", ",";
    skip_to_content: "Skip to the content", "Vai al contenuto";
    sections: "Sections", "Sezioni";
    nav_overview: "Overview", "Quadro generale";
    nav_banks: "Signal banks", "Raccolte di impronte";
    nav_exchanges: "Exchanges", "Scambi";
    nav_matches: "Matches", "Corrispondenze";
    nav_alerts: "Alerts", "Allarmi";
    nav_look_up: "Look up", "Cerca";
    nav_index: "Index", "Indice";
    signed_in_as: "Signed in as {name}", "Accesso effettuato come {name}";
    sign_out: "Sign out", "Esci";
    language: "Language", "Lingua";
    other_language: "Italiano", "English";
    other_language_code: "it", "en";
    footer: "What stands here are findings and indicators of a machine. A named person confirms or disputes each; none of them says that anybody did anything.",
        "Quanto compare qui sono rilevamenti e indicatori di una macchina. Ciascuno è confermato o contestato da una persona identificata; nessuno afferma che qualcuno abbia fatto qualcosa.";
    no_media: "The console shows no picture and no film.", "La console non mostra immagini né filmati.";
    utc: "Times are in UTC.", "Gli orari sono in UTC.";
    keys: "Keys", "Tasti";
    keys_title: "Keys of this page", "Tasti di questa pagina";
    keys_on: "Single keys do something", "I tasti singoli sono attivi";
    keys_next: "next line", "riga successiva";
    keys_previous: "line before", "riga precedente";
    keys_open: "open the line", "apre la riga";
    keys_confirm: "go to “Confirm”", "va a «Conferma»";
    keys_dispute: "go to “Dispute”", "va a «Contesta»";
    keys_help: "these keys", "questi tasti";
    keys_close: "Close", "Chiudi";
    next_page: "Next page", "Pagina successiva";
    first_page: "First page", "Prima pagina";
    pages: "Pages", "Pagine";
    none: "none", "nessuno";
    not_stated: "not stated", "non dichiarato";
    never: "never", "mai";
    numbers: "Numbers", "Valori";
    col_day: "Day", "Giorno";
    col_kind: "Kind of signal", "Tipo di impronta";
    col_signals: "Signals", "Impronte";
    col_share: "Share", "Quota";

    sign_in: "Sign in", "Accedi";
    sign_in_lead: "Everything you do here is done in your name and stands in the ledger.",
        "Tutto ciò che si fa qui avviene a proprio nome e resta nel registro.";
    name: "Name", "Nome";
    password: "Password", "Password";
    sign_in_wrong: "Name and password do not fit. Nobody is told which of the two is wrong.",
        "Nome e password non corrispondono. Non viene indicato quale dei due sia errato.";
    sign_in_often: "Too many attempts. Wait a minute, then try again.", "Troppi tentativi. Attendere un minuto, poi riprovare.";
    sign_in_stale: "The form was too old. Sign in once more.", "Il modulo era scaduto. Accedere di nuovo.";
    sign_in_how: "No password yet? Whoever keeps this installation gives you one:", "Non si ha ancora una password? La assegna chi gestisce questa installazione:";
    signed_out: "You are signed out.", "Uscita effettuata.";

    overview_title: "Overview", "Quadro generale";
    waiting_title: "Matches", "Corrispondenze";
    waiting: "waiting for a person", "in attesa di una persona";
    confirmed_by_people: "confirmed by a person", "confermate da una persona";
    disputed_by_people: "disputed by a person", "contestate da una persona";
    go_to_queue: "Go through the open ones", "Esamina quelle aperte";
    days_title: "New matches a day", "Nuove corrispondenze al giorno";
    days_desc: "New matches on each of the last {days} days, in UTC. The highest column stands for {most}.",
        "Nuove corrispondenze in ciascuno degli ultimi {days} giorni, in UTC. La colonna più alta vale {most}.";
    days_none: "No match in the last {days} days.", "Nessuna corrispondenza negli ultimi {days} giorni.";
    a_day: "{day}: 1 match|{day}: {n} matches", "{day}: 1 corrispondenza|{day}: {n} corrispondenze";
    col_matches: "Matches", "Corrispondenze";
    signals_title: "Signals that are looked up", "Impronte consultate";
    signals_bar: "{kind}: 1 signal|{kind}: {n} signals", "{kind}: 1 impronta|{kind}: {n} impronte";
    no_signals: "There is no signal yet. Make a signal bank, or let an exchange fetch.", "Non c’è ancora alcuna impronta. Creare una raccolta o attivare uno scambio.";
    standing_title: "Signal banks", "Raccolte di impronte";
    banks_count: "1 signal bank|{n} signal banks", "1 raccolta|{n} raccolte";
    contents_count: "1 content|{n} contents", "1 contenuto|{n} contenuti";
    active_count: "1 takes part in look-ups now|{n} take part in look-ups now", "1 partecipa ora alle ricerche|{n} partecipano ora alle ricerche";
    held_back_count: "1 is held back: too much matched it|{n} are held back: too much matched them",
        "1 è trattenuto: ha troppe corrispondenze|{n} sono trattenuti: hanno troppe corrispondenze";
    freshness_title: "Freshness", "Aggiornamento";
    ready: "Everything in the store can be looked up", "Tutto ciò che è in archivio può essere consultato";
    not_ready: "The store is still being read: look-ups miss what is not in yet", "L’archivio è ancora in lettura: le ricerche non trovano ciò che non è ancora incluso";
    newest: "Newest content", "Contenuto più recente";
    last_change: "Last change that is in", "Ultima modifica inclusa";

    index_title: "Index", "Indice";
    index_lead: "What is held in memory for look-ups, by kind of signal. A change in a signal bank is found within a second, without a rebuild.",
        "Ciò che è tenuto in memoria per le ricerche, per tipo di impronta. Una modifica in una raccolta è consultabile entro un secondo, senza ricostruzione.";
    kinds_title: "Kinds of signal", "Tipi di impronta";
    col_made_from: "Made from", "Ricavata da";
    col_radius: "Default radius", "Raggio predefinito";
    col_ratio: "Takes part in", "Partecipa a";
    col_segments: "Segments", "Segmenti";
    col_tail: "In none yet", "Ancora fuori";
    col_memory: "Size", "Dimensione";
    parts_mean: "Signals stand in segments that do not change; new ones wait outside, are looked up all the same, and are merged in the background.",
        "Le impronte stanno in segmenti che non cambiano; le nuove attendono fuori, vengono comunque consultate e sono unite in background.";
    heard: "The store last answered", "Ultima risposta dell’archivio";
    ago: "{time} ago", "{time} fa";
    bits: "1 bit|{n} bits", "1 bit|{n} bit";
    equal_only: "equal values only", "solo valori uguali";
    made_from_photo: "pictures", "immagini";
    made_from_video: "films", "filmati";
    of_look_ups: "{percent} of the look-ups", "{percent} delle ricerche";

    say_in_words: "Say it in words, in at most 2,000 characters.", "Dirlo a parole, al massimo 2.000 caratteri.";
    no_dismissal_reason: "Choose a reason for the dismissal.", "Scegliere un motivo per l’archiviazione.";
    four_eyes: "You proposed this yourself: a second person has to approve it.", "La proposta è propria: deve approvarla una seconda persona.";
    alert_moved_on: "Somebody else was faster: look where the alert stands now.", "Qualcun altro è stato più veloce: guardare lo stato attuale dell’allarme.";
    error_title: "This cannot be shown", "Impossibile mostrare la pagina";
    error_invalid: "What was sent cannot be used.", "Quanto inviato non è utilizzabile.";
    error_not_found: "There is nothing at this address, or it is gone.", "A questo indirizzo non c’è nulla, o non c’è più.";
    error_conflict: "It is in another state by now. Look again, then decide.", "Nel frattempo lo stato è cambiato. Guardare di nuovo, poi decidere.";
    error_denied: "This is refused. The form may be too old: go back, load the page again, and repeat what you did.",
        "Richiesta rifiutata. Il modulo può essere scaduto: tornare indietro, ricaricare la pagina e ripetere l’operazione.";
    error_unavailable: "This does not answer just now. Nothing was lost; try again in a moment.",
        "Al momento non c’è risposta. Nulla è andato perso; riprovare tra poco.";
    error_too_large: "What was sent is too large.", "Quanto inviato è troppo grande.";
    error_internal: "Something went wrong here. Whoever keeps this installation finds it in the log under this code.",
        "Si è verificato un errore interno. Chi gestisce l’installazione lo trova nel log con questo codice.";
    error_code: "Code", "Codice";
    back_to_overview: "Back to the overview", "Torna al quadro generale";

    bad_bank_name: "The name must be upper-case letters, digits and underscores, and begin with no digit.",
        "Il nome deve essere di lettere maiuscole, cifre e trattini bassi, e non iniziare con una cifra.";
    bank_exists: "There is a signal bank of this name already.", "Esiste già una raccolta con questo nome.";
    bad_signal: "This is no value of this kind of signal.", "Questo non è un valore di questo tipo di impronta.";
    no_reason: "Whoever disputes a match says why.", "Chi contesta una corrispondenza deve dire perché.";
    bad_note: "The note is longer than 255 characters.", "La nota supera i 255 caratteri.";
    bad_distance: "The distance must be a whole number from 0 to 31.", "La distanza deve essere un numero intero da 0 a 31.";
    bad_ratio: "The share must be a number from 0 to 100.", "La quota deve essere un numero da 0 a 100.";
    bad_time: "A time must be a date and a time of day.", "Un orario deve essere una data con l’ora.";
    busy: "Too much waits already. Try again in a moment.", "Ci sono già troppe richieste in attesa. Riprovare tra poco.";
    no_kind: "There is no such kind of signal.", "Questo tipo di impronta non esiste.";
    no_file: "No file was chosen.", "Nessun file selezionato.";
    nothing_chosen: "Nothing was chosen.", "Nulla è stato selezionato.";
}
