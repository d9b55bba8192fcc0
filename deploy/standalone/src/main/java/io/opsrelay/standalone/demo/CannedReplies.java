package io.opsrelay.standalone.demo;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What the clients' people answer again and again. Their admin writes it down at the start, where there is none yet: what
 * somebody else wrote stays alone.
 */
final class CannedReplies {

    /** @param category of the tickets it answers, as the classifier calls it */
    private record Reply(String name, String language, String category, String text) {}

    private static final List<Reply> REPLIES = List.of(
            new Reply("Which order is it?", "en", "refund_request", """
                    Dear {customer_name},

                    we are sorry that you are not happy with what you bought. Please tell us the number of the order; it \
                    stands in the confirmation that we sent you. Then we look into your refund at once.

                    Your reference with us is {ticket_id}.
                    """),
            new Reply("Paket verspätet", "de", "delivery_problem", """
                    Guten Tag {customer_name},

                    es tut uns leid, dass Ihr Paket noch nicht da ist. Wir fragen beim Versand nach und melden uns \
                    innerhalb von zwei Werktagen bei Ihnen. Sie müssen nichts weiter tun.

                    Ihr Vorgang: {ticket_id}
                    """),
            new Reply("Copie de la facture", "fr", "invoice_question", """
                    Bonjour {customer_name},

                    nous avons bien reçu votre demande « {ticket_subject} ». Une copie de la facture est envoyée à \
                    l'adresse {customer_email}. Si la facture doit porter un autre nom, répondez simplement à ce message.
                    """),
            new Reply("Su queja está con nosotros", "es", "complaint", """
                    Hola, {customer_name}:

                    sentimos lo ocurrido y le agradecemos que nos lo haya contado. Una persona de nuestro equipo revisa \
                    su caso y le responde hoy mismo.

                    Su referencia: {ticket_id}
                    """));

    private final Gateway gateway;
    private final Chronicle chronicle;

    CannedReplies(Gateway gateway, Chronicle chronicle) {
        this.gateway = gateway;
        this.chronicle = chronicle;
    }

    void provide(String client) throws InterruptedException {
        String admin = "admin@" + client + ".example";
        Answer known = gateway.get(admin, "/api/v1/canned-replies");
        if (!known.succeeded()) {
            chronicle.note(client + " gets no canned replies: " + known.reason());
            return;
        }
        if (!known.body().path("items").isEmpty()) {
            return;
        }
        for (Reply reply : REPLIES) {
            Answer answer = gateway.post(
                    admin,
                    "/api/v1/canned-replies",
                    Map.of(
                            "name", reply.name(),
                            "text", reply.text().strip(),
                            "category", reply.category(),
                            "language", reply.language()),
                    UUID.randomUUID().toString());
            if (!answer.succeeded()) {
                chronicle.note(client + " lacks a canned reply: " + answer.reason() + " - " + reply.name());
            }
        }
    }
}
