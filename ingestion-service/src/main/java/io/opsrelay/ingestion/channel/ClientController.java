package io.opsrelay.ingestion.channel;

import io.opsrelay.ingestion.channel.ChannelController.ChannelResource;
import io.opsrelay.ingestion.channel.Clients.Client;
import io.opsrelay.ingestion.channel.Clients.Provisioned;
import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.web.Page;
import io.opsrelay.security.web.ProblemException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Clients, for operators. */
@RestController
@RequestMapping("/api/v1/clients")
@RequiresRole(Role.OPERATOR)
class ClientController {

    private final Clients clients;
    private final ChannelAdmin channels;

    ClientController(Clients clients, ChannelAdmin channels) {
        this.clients = clients;
        this.channels = channels;
    }

    /** All of them, by id, without their channels. */
    @GetMapping
    Page<ClientResource> list() {
        return new Page<>(
                clients.all().stream().map(client -> resource(client, null)).toList(), null);
    }

    @GetMapping("/{id}")
    ClientResource one(@PathVariable String id) {
        Client client = clients.find(id).orElseThrow(() -> ProblemException.notFound("client", id));
        return resource(
                client,
                channels.all(client.clientId()).stream()
                        .map(ChannelResource::of)
                        .toList());
    }

    /** 201 for a new client, 200 for one that was there. */
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<ClientResource> provision(Caller caller, @RequestBody ClientBody client) {
        Provisioned provisioned = clients.provision(caller.asActor(), client);
        return ResponseEntity.status(provisioned.created() ? HttpStatus.CREATED : HttpStatus.OK)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .body(resource(
                        provisioned.client(),
                        provisioned.channels().stream().map(ChannelResource::of).toList()));
    }

    private static ClientResource resource(Client client, @Nullable List<ChannelResource> ofClient) {
        return new ClientResource(client.clientId(), client.name(), ofClient, client.createdBy(), client.createdAt());
    }

    /** @param channels absent in lists; after provisioning those that the request named */
    record ClientResource(
            String clientId,
            String name,
            @Nullable List<ChannelResource> channels,
            String createdBy,
            Instant createdAt) {}
}
