//! Pure table: the words about matches, why they are, and look-ups.

words! {
    /// Words of the queue of matches, of one match, and of look-ups.
    MatchWords, MATCHES_EN, MATCHES_IT;

    title: "Matches", "Corrispondenze";
    lead: "Each line is a finding of a machine: something that was looked up is near a content of a signal bank. It waits for a person, who confirms or disputes it.",
        "Ogni riga è un rilevamento automatico: qualcosa che è stato cercato è vicino a un contenuto di una raccolta. Attende che una persona lo confermi o lo contesti.";
    queue_title: "Queue", "Coda";
    state: "State", "Stato";
    any: "any", "qualsiasi";
    bank: "Signal bank", "Raccolta";
    kind: "Kind of signal", "Tipo di impronta";
    show: "Show", "Mostra";
    none: "No match is like this.", "Nessuna corrispondenza di questo tipo.";
    end: "There is nothing behind this.", "Non c’è altro.";
    col_number: "Match", "Corrispondenza";
    col_how: "How near", "Vicinanza";
    col_first: "First seen", "Vista la prima volta";
    col_times: "Seen", "Vista";
    times: "once|{n} times", "una volta|{n} volte";
    open: "Open", "Aperta";
    confirmed: "Confirmed", "Confermata";
    disputed: "Disputed", "Contestata";
    open_means: "nobody has decided yet", "nessuno ha ancora deciso";
    number: "Match {n}", "Corrispondenza {n}";
    bank_gone: "a signal bank that is gone", "una raccolta che non c’è più";

    why_title: "Why did this match?", "Perché corrisponde?";
    same_value: "The values are equal.", "I valori sono uguali.";
    frames_near: "Enough frames of the one film have a near partner in the other.", "Abbastanza fotogrammi di un filmato hanno un corrispondente vicino nell’altro.";
    frames_shares: "{asked} of the frames asked about have a near partner in the stored film, and {stored} of its frames in turn.",
        "Il {asked} dei fotogrammi cercati ha un corrispondente vicino nel filmato in raccolta, e il {stored} dei suoi fotogrammi viceversa.";
    bits_differ: "1 of {all} bits differs|{n} of {all} bits differ", "1 bit diverso su {all}|{n} bit diversi su {all}";
    no_bits_differ: "All {all} bits are the same", "Tutti i {all} bit sono uguali";
    near_up_to: "Up to 1 bit counts as near here.|Up to {n} bits count as near here.", "Qui fino a 1 bit vale come vicino.|Qui fino a {n} bit vale come vicino.";
    gauge: "{bits} bits apart, of {radius} that count as near", "{bits} bit di distanza, su {radius} che valgono come vicino";
    asked: "What was looked up", "Ciò che è stato cercato";
    stored: "What stands in the signal bank", "Ciò che è nella raccolta";
    legend_set: "bit set", "bit a 1";
    legend_clear: "bit clear", "bit a 0";
    legend_differs_set: "differs, set here", "diverso, qui a 1";
    legend_differs_clear: "differs, clear here", "diverso, qui a 0";
    no_media: "A signal shows no picture.", "Un’impronta non mostra alcuna immagine.";
    grid_row: "Row {row}: columns {columns}", "Riga {row}: colonne {columns}";
    differing_bits: "Which bits differ", "Quali bit sono diversi";
    grids_equal: "No bit differs.", "Nessun bit è diverso.";
    rows_from_top: "Rows from the top, columns from the left, from 1.", "Righe dall’alto, colonne da sinistra, da 1.";
    frames: "1 frame|{n} frames", "1 fotogramma|{n} fotogrammi";
    orientation: "Orientation", "Orientamento";
    orientation_unknown: "as it was sent", "come inviato";
    as_it_is: "as it is", "così com’è";
    distance: "Distance", "Distanza";
    radius: "Radius", "Raggio";
    rule: "Rule", "Regola";
    rule_version: "{rule}, version {version}", "{rule}, versione {version}";
    parameters: "Parameters", "Parametri";
    finding: "Finding", "Rilevamento";

    where_title: "In which signal bank", "In quale raccolta";
    content: "Content", "Contenuto";
    content_gone: "The content is gone from its bank. The signal that matched is kept above.", "Il contenuto non è più nella raccolta. L’impronta che ha corrisposto è conservata qui sopra.";
    content_changed: "The content has another signal by now. The one that matched is kept above.", "Il contenuto ha ora un’altra impronta. Quella che ha corrisposto è conservata qui sopra.";
    note: "Note", "Nota";
    labels: "Labels", "Etichette";

    history_title: "History", "Storia";
    first_seen: "First seen", "Vista la prima volta";
    last_seen: "Last seen", "Vista l’ultima volta";
    how_often: "How often", "Quante volte";
    decided: "Decided", "Decisione";
    by_at: "by {who}, {when}", "da {who}, {when}";
    reason_given: "Reason", "Motivo";

    decide_title: "Decide", "Decidi";
    decide_again_title: "Decide anew", "Decidi di nuovo";
    decide_lead: "You decide as {name}. The decision stands in the ledger, and goes back to the sender where the exchange takes it.",
        "Si decide come {name}. La decisione resta nel registro e torna al mittente se lo scambio lo prevede.";
    reason: "Reason", "Motivo";
    reason_hint: "Needed to dispute.", "Necessario per contestare.";
    confirm: "Confirm", "Conferma";
    confirm_means: "It is what the signal bank says.", "È ciò che dice la raccolta.";
    dispute: "Dispute", "Contesta";
    dispute_means: "It is not: this pair is reported no more.", "Non lo è: questa coppia non viene più segnalata.";
    was_confirmed: "Confirmed.", "Confermata.";
    was_disputed: "Disputed: this pair is reported no more.", "Contestata: questa coppia non viene più segnalata.";
    next_open: "Next open match", "Prossima corrispondenza aperta";
    back_to_queue: "Back to the queue", "Torna alla coda";

    look_up_title: "Look up", "Cerca";
    look_up_lead: "Compares a signal or a file with all signal banks. A look-up made here is an inquiry: it is not recorded as a match.",
        "Confronta un’impronta o un file con tutte le raccolte. Una ricerca fatta qui è una consultazione: non viene registrata come corrispondenza.";
    by_signal: "A signal", "Un’impronta";
    value: "Value", "Valore";
    by_file: "A file", "Un file";
    file: "Picture or film", "Immagine o filmato";
    file_means: "It is decoded behind fences, in memory, and not kept. All eight orientations of a picture are looked up.",
        "Viene decodificato in un processo isolato, in memoria, e non è conservato. Di un’immagine si cercano tutti gli otto orientamenti.";
    all: "Also what is switched off, expired, held back or disputed", "Anche ciò che è disattivato, scaduto, trattenuto o contestato";
    look_up: "Look up", "Cerca";
    answer_title: "Answer", "Risposta";
    nothing_near: "Nothing in the signal banks is near. That says nothing about what it is.",
        "Nelle raccolte non c’è nulla di vicino. Questo non dice nulla su che cosa sia.";
    near_count: "1 content is near|{n} contents are near", "1 contenuto è vicino|{n} contenuti sono vicini";
    silenced: "A negative bank matches too: nothing of this is reported to clients.",
        "Corrisponde anche una raccolta negativa: nulla di questo viene segnalato ai client.";
    why: "Why", "Perché";
    made_title: "What was made of the file", "Che cosa è stato ricavato dal file";
    media_type: "Media type, by content", "Tipo, in base al contenuto";
    not_decoded: "It could not be decoded", "Non è stato possibile decodificarlo";
    quality: "quality {n} of 100", "qualità {n} su 100";
    flat: "Too plain to compare: below quality 50 a match says little.", "Troppo uniforme per il confronto: sotto qualità 50 una corrispondenza dice poco.";
    more_answers: "1 more is near and not shown.|{n} more are near and not shown.", "Un altro è vicino e non mostrato.|Altri {n} sono vicini e non mostrati.";
}
