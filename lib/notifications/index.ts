export { deliver, deliverOne } from "./deliver";
export { type ChannelPlain, plainChannels, writePlainChannel } from "./file";
export { type Message, notify } from "./notify";
export { deleteChannel, putChannel } from "./put";
export { getChannel, listChannels, listDeliveries } from "./reads";
export { queueTest, retryDelivery, testChannel } from "./retry";
